package dev.posthaste.ingest;

import dev.posthaste.event.EventType;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Validation;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks a posted event against the catalog of its tenant. Belongs to one event loop. */
final class CatalogCheck {
  /** Enough to mend a publisher; the answer to a batch must not grow with its faults. */
  private static final int MAX_WARNINGS = 10;

  private final Registry registry;
  private final PayloadCheck payloads = new PayloadCheck();

  CatalogCheck(Registry registry) {
    this.registry = registry;
  }

  /**
   * What the catalog has to say of an event that may be accepted.
   *
   * @param resourceId what the event is about
   * @param warnings what is wrong with it, for a tenant that wants to be warned
   */
  record Finding(Optional<String> resourceId, List<Problem.Fault> warnings) {}

  /**
   * Looks at an event of a tenant that has a catalog.
   *
   * @throws ProblemException 422 if it is not what the catalog says, and the tenant wants that
   *     rejected
   */
  Finding check(Tenant tenant, Draft draft) {
    payloads.keepOnly(registry.catalogs());
    Optional<EventType> entry = registry.eventType(tenant, draft.type());
    List<Problem.Fault> faults = new ArrayList<>();
    if (tenant.validation() != Validation.OFF) {
      faults.addAll(
          entry
              .map(type -> payloads.faults(type, draft.data()))
              .orElseGet(() -> List.of(unknown(tenant, draft))));
    }
    Optional<String> resourceId = draft.resourceId();
    if (resourceId.isEmpty() && entry.isPresent()) {
      resourceId = resourceId(entry.get(), draft, faults);
    }
    if (tenant.validation() == Validation.REJECT && !faults.isEmpty()) {
      throw new ProblemException(Problem.invalid(faults));
    }
    return new Finding(
        resourceId,
        tenant.validation() == Validation.WARN
            ? faults.stream().limit(MAX_WARNINGS).toList()
            : List.of());
  }

  /** An id that cannot be kept is a fault; who lets it pass goes without. */
  private Optional<String> resourceId(EventType type, Draft draft, List<Problem.Fault> faults) {
    Optional<String> id = payloads.resourceId(type, draft.data());
    Optional<String> fault = id.flatMap(text -> TextRule.faultOf(text, TextRule.MAX_LENGTH));
    fault.ifPresent(
        words ->
            faults.add(
                new Problem.Fault("/data/" + type.resource().orElseThrow().dataField(), words)));
    return fault.isPresent() ? Optional.empty() : id;
  }

  private static Problem.Fault unknown(Tenant tenant, Draft draft) {
    return new Problem.Fault(
        "/type",
        "'"
            + draft.type()
            + "' is not in the catalog '"
            + tenant.catalog().orElseThrow()
            + "'; GET /webhooks/v1/event_types lists what is");
  }
}
