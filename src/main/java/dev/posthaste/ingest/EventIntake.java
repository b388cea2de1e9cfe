package dev.posthaste.ingest;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.Contracts;
import dev.posthaste.contract.EventIdScheme;
import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.TraceContext;
import dev.posthaste.http.Caller;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import io.vertx.core.MultiMap;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Checks a posted event against the rules of its tenant. Belongs to one event loop. */
final class EventIntake {
  private final Contracts contracts;
  private final Doorkeeper doorkeeper;
  private final CatalogCheck catalogs;
  private final DirectRule directs;
  private final EventTraces traces;
  private final Clock clock;

  EventIntake(
      Registry registry,
      Contracts contracts,
      Doorkeeper doorkeeper,
      DirectRule directs,
      EventTraces traces,
      Clock clock) {
    this.catalogs = new CatalogCheck(registry);
    this.contracts = contracts;
    this.doorkeeper = doorkeeper;
    this.directs = directs;
    this.traces = traces;
    this.clock = clock;
  }

  /**
   * The event that may be accepted.
   *
   * @throws ProblemException 403 or 404 for its tenant, 422 for its type, data or destination
   */
  Candidate check(Caller caller, Draft draft, Optional<TraceContext> context) {
    Tenant tenant =
        draft.tenant().isEmpty()
            ? caller.tenant()
            : doorkeeper.actFor(caller, draft.tenant().get()).tenant();
    Optional<String> resourceId = draft.resourceId();
    List<Problem.Fault> warnings = List.of();
    if (tenant.catalog().isPresent()) {
      CatalogCheck.Finding finding = catalogs.check(tenant, draft);
      resourceId = finding.resourceId();
      warnings = finding.warnings();
    }
    draft.directUrl().ifPresent(url -> directs.require(tenant, url));
    long occurredAt = draft.occurredAtMillis().orElseGet(clock::millis);
    EventIdScheme scheme = schemeOf(tenant);
    Optional<String> key = scheme.dedupKey(resourceId, draft.type(), occurredAt).or(draft::key);
    return new Candidate(
        tenant, draft, occurredAt, resourceId, key, scheme, traces.begin(context), warnings);
  }

  /** Who may post events at all. */
  Caller admit(MultiMap headers) {
    return doorkeeper.admit(headers, ApiKey.Permission.EVENTS_WRITE);
  }

  private EventIdScheme schemeOf(Tenant tenant) {
    return contracts
        .named(tenant.contract())
        .map(Contract::eventIds)
        .orElse(EventIdScheme.GENERATED);
  }
}
