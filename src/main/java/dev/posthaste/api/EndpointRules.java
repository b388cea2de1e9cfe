package dev.posthaste.api;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.EventType;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an endpoint must be that a schema cannot say. */
final class EndpointRules {
  private final Registry registry;
  private final ApiRules rules;

  EndpointRules(Registry registry, ApiRules rules) {
    this.registry = registry;
    this.rules = rules;
  }

  /**
   * Checks the fields that are given.
   *
   * @throws ProblemException 422 with all faults
   */
  void check(JsonObject body, Tenant tenant) {
    List<Fault> faults = new ArrayList<>();
    text(body, "url")
        .flatMap(rules.urlFault())
        .ifPresent(fault -> faults.add(new Fault("/url", fault)));
    text(body, "uid")
        .filter(uid -> uid.startsWith("ep_"))
        .ifPresent(
            uid -> faults.add(new Fault("/uid", "must not begin with 'ep_', as our own ids do")));
    text(body, "contract")
        .filter(name -> !rules.contracts().contains(name))
        .ifPresent(name -> faults.add(new Fault("/contract", unknownContract(rules))));
    SecretRules.fault(body).ifPresent(faults::add);
    filterFaults(body.getJsonArray("eventTypeFilters", new JsonArray()), tenant, faults);
    DeliveryForm.keyFault(body).ifPresent(faults::add);
    faults.addAll(HeaderRules.faults(body.getJsonObject("headers")));
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalid(faults));
    }
  }

  private static Optional<String> text(JsonObject body, String name) {
    return Optional.ofNullable(body.getString(name));
  }

  static String unknownContract(ApiRules rules) {
    return "is not a contract; there are "
        + String.join(", ", rules.contracts().stream().sorted().toList());
  }

  private void filterFaults(JsonArray filters, Tenant tenant, List<Fault> faults) {
    Optional<Collection<EventType>> catalog = catalog(tenant);
    for (int i = 0; i < filters.size(); i++) {
      String pointer = "/eventTypeFilters/" + i;
      String text = filters.getString(i);
      if (!EventFilter.isValid(text)) {
        faults.add(new Fault(pointer, "must be an event type, a prefix such as 'vault.*', or '*'"));
      } else if (catalog.isPresent() && matching(new EventFilter(text), catalog.get()).isEmpty()) {
        faults.add(
            new Fault(
                pointer,
                "matches no event type of the catalog '"
                    + tenant.catalog().orElseThrow()
                    + "'; GET /webhooks/v1/event_types lists them"));
      }
    }
  }

  /**
   * Checks that the key may receive something by every filter. Filters that cover types of other
   * scopes too are narrowed when events are matched.
   *
   * @throws ProblemException 403
   */
  void checkScopes(Endpoint endpoint, ApiKey key, Tenant tenant) {
    Optional<Collection<EventType>> catalog = catalog(tenant);
    if (key.scopes().isEmpty() || catalog.isEmpty()) {
      return;
    }
    for (EventFilter filter : endpoint.eventTypeFilters()) {
      List<EventType> matching = matching(filter, catalog.get());
      if (!matching.isEmpty()
          && matching.stream().noneMatch(type -> mayReceive(key.scopes().get(), type))) {
        throw new ProblemException(
            Problem.forbidden(
                "The scopes of this key ("
                    + String.join(", ", key.scopes().get().stream().sorted().toList())
                    + ") do not cover '"
                    + filter.text()
                    + "', which needs the scope "
                    + matching.getFirst().scope().orElseThrow()
                    + "."));
      }
    }
  }

  private static boolean mayReceive(Set<String> scopes, EventType type) {
    return type.scope().isEmpty() || scopes.contains(type.scope().get());
  }

  private static List<EventType> matching(EventFilter filter, Collection<EventType> catalog) {
    return catalog.stream().filter(type -> filter.matches(type.name())).toList();
  }

  private Optional<Collection<EventType>> catalog(Tenant tenant) {
    return tenant.catalog().flatMap(registry::catalog).map(types -> types.values());
  }
}
