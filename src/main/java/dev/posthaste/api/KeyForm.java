package dev.posthaste.api;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a key from a body and checks what the schema cannot. */
final class KeyForm {
  private final Registry registry;
  private final Clock clock;

  KeyForm(Registry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** A forgotten tenant must not become a key that may do everything. */
  void checkOwner(JsonObject body) {
    boolean operator = Boolean.TRUE.equals(body.getBoolean("operator"));
    boolean ofTenant = body.getString("tenant") != null;
    if (operator == ofTenant) {
      throw new ProblemException(
          Problem.invalid(
              List.of(
                  new Fault(
                      "/tenant",
                      operator
                          ? "must be left out for an operator key"
                          : "is required, unless 'operator' is true"))));
    }
  }

  ApiKey key(JsonObject body, long id, long accountId, Optional<Tenant> owner) {
    List<Fault> faults = new ArrayList<>();
    Set<String> permissions = strings(body, "permissions").orElse(Set.of());
    Optional<Set<String>> scopes = strings(body, "scopes");
    checkPermissions(owner, permissions, scopes, faults);
    checkScopes(owner, scopes, faults);
    Optional<Instant> end = expiry(body, faults);
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalid(faults));
    }
    return new ApiKey(
        id,
        accountId,
        owner.map(tenant -> OptionalLong.of(tenant.id())).orElse(OptionalLong.empty()),
        body.getString("name"),
        permissions.stream()
            .flatMap(code -> ApiKey.Permission.of(code).stream())
            .collect(Collectors.toUnmodifiableSet()),
        scopes,
        end);
  }

  private static void checkPermissions(
      Optional<Tenant> owner,
      Set<String> permissions,
      Optional<Set<String>> scopes,
      List<Fault> faults) {
    if (owner.isPresent() && permissions.isEmpty()) {
      faults.add(new Fault("/permissions", "must name one permission or more"));
    }
    if (owner.isEmpty() && !(permissions.isEmpty() && scopes.isEmpty())) {
      faults.add(
          new Fault(
              "/operator", "an operator key may do everything: leave out permissions and scopes"));
    }
  }

  private void checkScopes(
      Optional<Tenant> owner, Optional<Set<String>> scopes, List<Fault> faults) {
    Set<String> known =
        owner.flatMap(Tenant::catalog).flatMap(registry::catalog).stream()
            .flatMap(catalog -> catalog.values().stream())
            .flatMap(type -> type.scope().stream())
            .collect(Collectors.toSet());
    if (!known.isEmpty() && !known.containsAll(scopes.orElse(Set.of()))) {
      faults.add(
          new Fault(
              "/scopes",
              "the catalog of the tenant has the scopes "
                  + String.join(", ", known.stream().sorted().toList())));
    }
  }

  private Optional<Instant> expiry(JsonObject body, List<Fault> faults) {
    String text = body.getString("expiresAt");
    if (text == null) {
      return Optional.empty();
    }
    try {
      Instant end = OffsetDateTime.parse(text).toInstant();
      if (!end.isAfter(clock.instant())) {
        faults.add(new Fault("/expiresAt", "is over already"));
      }
      return Optional.of(end);
    } catch (DateTimeException e) {
      faults.add(new Fault("/expiresAt", "must be a time such as 2027-01-31T12:00:00Z"));
      return Optional.empty();
    }
  }

  private static Optional<Set<String>> strings(JsonObject body, String name) {
    JsonArray array = body.getJsonArray(name);
    return Optional.ofNullable(array)
        .map(
            values ->
                values.stream().map(String.class::cast).collect(Collectors.toUnmodifiableSet()));
  }
}
