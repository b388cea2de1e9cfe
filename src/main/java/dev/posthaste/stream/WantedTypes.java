package dev.posthaste.stream;

import dev.posthaste.event.EventFilter;
import dev.posthaste.event.EventType;
import dev.posthaste.http.Caller;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which event types a client wants to hear, as an endpoint's filters say it. Immutable.
 *
 * @param filters at least one; an event passes if any of them matches
 */
record WantedTypes(List<EventFilter> filters) {
  private static final String POINTER = "/query/types";
  private static final int MAX_FILTERS = 100;

  /**
   * Reads the parameter {@code types}.
   *
   * @param text filters with commas between; without it every type
   * @throws ProblemException 422 for what is no filter or matches nothing in the tenant's catalog,
   *     403 for what the key may not receive
   */
  static WantedTypes of(Optional<String> text, Caller caller, Registry registry) {
    List<String> given = List.of(text.orElse("*").split(",", -1));
    List<Fault> faults = new ArrayList<>();
    if (given.size() > MAX_FILTERS) {
      faults.add(new Fault(POINTER, "may have at most " + MAX_FILTERS + " filters"));
    }
    Optional<Collection<EventType>> catalog =
        caller.tenant().catalog().flatMap(registry::catalog).map(types -> types.values());
    given.forEach(one -> fault(one.strip(), caller, catalog).ifPresent(faults::add));
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalid(faults));
    }
    WantedTypes wanted =
        new WantedTypes(given.stream().map(one -> new EventFilter(one.strip())).toList());
    catalog.ifPresent(types -> wanted.requireScopes(types, caller));
    return wanted;
  }

  private static Optional<Fault> fault(
      String text, Caller caller, Optional<Collection<EventType>> catalog) {
    if (!EventFilter.isValid(text)) {
      return Optional.of(
          new Fault(
              POINTER, "'" + text + "' must be an event type, a prefix such as 'vault.*', or '*'"));
    }
    boolean canMatch =
        catalog.isEmpty() || !matching(new EventFilter(text), catalog.get()).isEmpty();
    return canMatch
        ? Optional.empty()
        : Optional.of(
            new Fault(
                POINTER,
                "'"
                    + text
                    + "' matches no event type of the catalog '"
                    + caller.tenant().catalog().orElseThrow()
                    + "'; GET /webhooks/v1/event_types lists them"));
  }

  private void requireScopes(Collection<EventType> catalog, Caller caller) {
    for (EventFilter filter : filters) {
      List<EventType> matching = matching(filter, catalog);
      if (matching.stream().noneMatch(type -> mayHear(caller, type.scope()))) {
        throw new ProblemException(
            Problem.forbidden(
                "The scopes of this key do not cover '"
                    + filter.text()
                    + "', which needs the scope "
                    + matching.getFirst().scope().orElseThrow()
                    + "."));
      }
    }
  }

  private static List<EventType> matching(EventFilter filter, Collection<EventType> catalog) {
    return catalog.stream().filter(type -> filter.matches(type.name())).toList();
  }

  /** Whether events of the type are for this caller. */
  boolean admit(String type, Optional<EventType> entry, Caller caller) {
    return filters.stream().anyMatch(filter -> filter.matches(type))
        && mayHear(caller, entry.flatMap(EventType::scope));
  }

  private static boolean mayHear(Caller caller, Optional<String> scope) {
    return scope.isEmpty()
        || caller.key().scopes().isEmpty()
        || caller.key().scopes().get().contains(scope.get());
  }
}
