package dev.posthaste.api;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.EventType;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.ResourceKind;
import dev.posthaste.store.ExplainStore.Subscriber;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Why an endpoint was, or was not, among the targets of an event. The targets are what was decided
 * then; the rules can only be looked at as the endpoint is set up now, and the words say so when it
 * was changed in between.
 */
final class Explanation {
  private final Event event;
  private final Subscriber endpoint;
  private final Optional<String> scope;
  private final Optional<ResourceKind> kind;
  private final Instant acceptedAt;
  private final boolean aboutItself;

  /**
   * @param aboutItself whether the event tells others of the endpoint
   */
  Explanation(Event event, Optional<EventType> entry, Subscriber endpoint, boolean aboutItself) {
    this.event = event;
    this.endpoint = endpoint;
    this.scope = entry.flatMap(EventType::scope);
    this.kind = entry.flatMap(EventType::resource);
    this.aboutItself = aboutItself;
    this.acceptedAt = Instant.ofEpochMilli(IdGenerator.millisOf(event.id()));
  }

  /** What decided. Names in lower case are the codes of the API. */
  enum Code {
    MATCHED,
    ADDED,
    CREATED_LATER,
    DELETED,
    ABOUT_ITSELF,
    TYPE_NOT_WANTED,
    KEY_SCOPE,
    RESOURCE_SCOPE,
    DISABLED,
    CHANGED_SINCE,
    NOT_KNOWN_YET
  }

  boolean isTarget() {
    return wasTarget() || endpoint.added();
  }

  private boolean wasTarget() {
    return event.targets().contains(endpoint.id());
  }

  /** The first filter that lets the type through. */
  Optional<EventFilter> filter() {
    return endpoint.filters().stream().filter(one -> one.matches(event.type())).findFirst();
  }

  boolean keyScopeAdmits() {
    return scope.isEmpty()
        || endpoint.keyScopes().isEmpty()
        || endpoint.keyScopes().get().contains(scope.get());
  }

  boolean resourceScopeAdmits() {
    return endpoint.scopes().admit(kind, event.resourceId());
  }

  /** Whether an event like this one would go to it if it came now. */
  boolean matchesNow() {
    return failing().isEmpty() && endpoint.deletedAt().isEmpty();
  }

  boolean changedSince() {
    return endpoint.updatedAt().isAfter(acceptedAt);
  }

  Code code() {
    if (isTarget()) {
      return wasTarget() ? Code.MATCHED : Code.ADDED;
    }
    if (endpoint.createdAt().isAfter(acceptedAt)) {
      return Code.CREATED_LATER;
    }
    if (endpoint.deletedAt().filter(at -> !at.isAfter(acceptedAt)).isPresent()) {
      return Code.DELETED;
    }
    return failing().orElse(changedSince() ? Code.CHANGED_SINCE : Code.NOT_KNOWN_YET);
  }

  /** The first rule that keeps it out, as it is set up now. */
  private Optional<Code> failing() {
    if (aboutItself) {
      return Optional.of(Code.ABOUT_ITSELF);
    }
    if (filter().isEmpty()) {
      return Optional.of(Code.TYPE_NOT_WANTED);
    }
    if (!keyScopeAdmits()) {
      return Optional.of(Code.KEY_SCOPE);
    }
    if (!resourceScopeAdmits()) {
      return Optional.of(Code.RESOURCE_SCOPE);
    }
    return endpoint.status() == Endpoint.Status.ACTIVE
        ? Optional.empty()
        : Optional.of(Code.DISABLED);
  }

  /** In words, for people. */
  String words() {
    Code code = code();
    return switch (code) {
      case MATCHED -> matched();
      case ADDED ->
          "It was no target when the event came; a recovery has brought it the event since.";
      case CREATED_LATER ->
          "It was created at " + Times.text(endpoint.createdAt()) + ", after the event." + now();
      case DELETED ->
          "It was deleted at " + endpoint.deletedAt().map(Times::text).orElseThrow() + ".";
      case ABOUT_ITSELF ->
          "The event tells of this endpoint: it is for the others of the tenant. A recovery does not"
              + " bring it either.";
      case CHANGED_SINCE ->
          "It would match as it was set up last, but it was changed at "
              + Times.text(endpoint.updatedAt())
              + ", after the event: when the event came it did not match or was disabled.";
      case NOT_KNOWN_YET ->
          "It matches, but was set up so shortly before the event that the node which took the event"
              + " did not know of it yet.";
      default -> rule(code) + (changedSince() ? since() : "");
    };
  }

  private String matched() {
    if (matchesNow()) {
      return "The event went to it: its filter '" + filter().orElseThrow().text() + "' matches.";
    }
    String why =
        endpoint.deletedAt().isPresent() ? "It was deleted." : rule(failing().orElseThrow());
    return "The event went to it: it matched when the event came. Another one would not go to it"
        + " now. "
        + why;
  }

  private String now() {
    return matchesNow() ? " It would match now." : "";
  }

  private String since() {
    return " This is how it is set up now; it was changed at "
        + Times.text(endpoint.updatedAt())
        + ", after the event.";
  }

  private String rule(Code code) {
    return switch (code) {
      case TYPE_NOT_WANTED ->
          "None of its filters (%s) matches the type '%s'."
              .formatted(
                  endpoint.filters().stream()
                      .map(EventFilter::text)
                      .collect(Collectors.joining(", ")),
                  event.type());
      case KEY_SCOPE ->
          "The type needs the scope '%s'; the key that set up the endpoint has only: %s."
              .formatted(scope.orElse(""), list(endpoint.keyScopes().orElse(Set.of())));
      case RESOURCE_SCOPE -> resourceScope(kind.orElseThrow());
      default ->
          "It is %s%s."
              .formatted(
                  endpoint.status().code(),
                  endpoint.disabledReason().map(reason -> " (" + reason + ")").orElse(""));
    };
  }

  private String resourceScope(ResourceKind narrowed) {
    Set<String> wanted =
        switch (narrowed) {
          case VAULT -> endpoint.scopes().vaultIds();
          case MATTER -> endpoint.scopes().matterIds();
        };
    return "It is narrowed to each %s of: %s; the event %s."
        .formatted(
            narrowed.code(),
            list(wanted),
            event.resourceId().map(id -> "is about '" + id + "'").orElse("does not say which"));
  }

  private static String list(Set<String> texts) {
    return texts.isEmpty() ? "none" : String.join(", ", new TreeSet<>(texts));
  }
}
