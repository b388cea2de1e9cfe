package dev.posthaste.ingest;

import dev.posthaste.contract.EventIdScheme;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.store.EventLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An event that may be accepted and waits for its id and its commit.
 *
 * @param key by which repeats are recognised
 * @param ids how its id looks outside
 * @param warnings what is wrong with it; its tenant wants it all the same
 */
record Candidate(
    Tenant tenant,
    Draft draft,
    long occurredAtMillis,
    Optional<String> resourceId,
    Optional<String> key,
    EventIdScheme ids,
    EventTraces.EventTrace trace,
    List<Problem.Fault> warnings) {

  /** Nothing is wrong with it. */
  Candidate(
      Tenant tenant,
      Draft draft,
      long occurredAtMillis,
      Optional<String> resourceId,
      Optional<String> key,
      EventIdScheme ids,
      EventTraces.EventTrace trace) {
    this(tenant, draft, occurredAtMillis, resourceId, key, ids, trace, List.of());
  }

  /**
   * The event with its id.
   *
   * @param matched endpoints that it goes to
   */
  Event toEvent(long id, List<Long> matched) {
    return new Event(
        id,
        tenant.id(),
        draft.type(),
        occurredAtMillis,
        resourceId,
        key,
        draft.data(),
        trace.context(),
        draft.directUrl().map(url -> withDirect(matched, url)).orElse(matched),
        draft.directUrl(),
        OptionalLong.empty());
  }

  private List<Long> withDirect(List<Long> matched, String url) {
    List<Long> targets = new ArrayList<>(matched.size() + 1);
    targets.addAll(matched);
    targets.add(DirectTarget.id(tenant.id(), url));
    return targets;
  }

  Accepted accepted(Event event) {
    return new Accepted(
        ids.idOf(event),
        event.type(),
        event.occurredAtMillis(),
        IdGenerator.millisOf(event.id()),
        event.targets().size(),
        false,
        warnings);
  }

  Accepted repeats(EventLog.Original first) {
    String publicId =
        ids.dedupKey(resourceId, draft.type(), occurredAtMillis)
            .orElseGet(() -> PublicId.EVENT.format(first.id()));
    return Accepted.repeatOf(first, publicId);
  }
}
