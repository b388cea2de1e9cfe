package dev.posthaste.event;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a bearer of a key may do. The key itself is nowhere kept, only its hash.
 *
 * @param tenantId the tenant it belongs to; none for an operator key, which may act for all
 * @param scopes which event types it may subscribe to; none means all
 */
public record ApiKey(
    long id,
    long accountId,
    OptionalLong tenantId,
    String name,
    Set<Permission> permissions,
    Optional<Set<String>> scopes,
    Optional<Instant> expiresAt) {

  public boolean isOperator() {
    return tenantId.isEmpty();
  }

  /** Whether the key may do this; operator keys may do all. */
  public boolean may(Permission permission) {
    return isOperator() || permissions.contains(permission);
  }

  /** Names as they stand in the API. */
  public enum Permission {
    EVENTS_WRITE("events:write"),
    ENDPOINTS_READ("endpoints:read"),
    ENDPOINTS_WRITE("endpoints:write"),
    DELIVERIES_READ("deliveries:read"),
    DELIVERIES_REPLAY("deliveries:replay");

    private final String code;

    Permission(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }

    /** The permission of that name, if there is one. */
    public static Optional<Permission> of(String code) {
      for (Permission permission : values()) {
        if (permission.code.equals(code)) {
          return Optional.of(permission);
        }
      }
      return Optional.empty();
    }
  }
}
