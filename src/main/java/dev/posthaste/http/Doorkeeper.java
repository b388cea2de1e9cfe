package dev.posthaste.http;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.registry.Registry;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Lets in who has a key, and finds out for which tenant they come. For any event loop. */
public final class Doorkeeper {
  /** The tenant of an operator who names none. It exists from the start. */
  public static final String DEFAULT_TENANT = "default";

  private static final CharSequence TENANT_HEADER = HttpHeaders.createOptimized("Posthaste-Tenant");
  private static final CharSequence KEY_HEADER = HttpHeaders.createOptimized("x-api-key");
  private static final String BEARER = "Bearer ";

  /** Of routes that change nothing. */
  private static final Set<ApiKey.Permission> READS =
      EnumSet.of(ApiKey.Permission.ENDPOINTS_READ, ApiKey.Permission.DELIVERIES_READ);

  private final Registry registry;
  private final Clock clock;

  public Doorkeeper(Registry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * Who calls, for a route that belongs to a tenant.
   *
   * @throws ProblemException 401 without a valid key, 403 without the permission, 404 for a tenant
   *     that is not there
   */
  public Caller admit(MultiMap headers, ApiKey.Permission needed) {
    ApiKey key = identify(headers);
    if (!key.may(needed)) {
      throw new ProblemException(
          Problem.forbidden("This needs a key with the permission " + needed.code() + "."));
    }
    return new Caller(key, tenant(key, headers.get(TENANT_HEADER), READS.contains(needed)));
  }

  /**
   * Who calls, for a route of operators that is about a tenant.
   *
   * @throws ProblemException 401 or 403 as for any route of operators, 404 for a tenant that is not
   *     there
   */
  public Caller admitOperatorFor(MultiMap headers) {
    ApiKey key = admitOperator(headers);
    return new Caller(key, tenant(key, headers.get(TENANT_HEADER), false));
  }

  /** Who calls, for a route of operators. */
  public ApiKey admitOperator(MultiMap headers) {
    ApiKey key = identify(headers);
    if (!key.isOperator()) {
      throw new ProblemException(Problem.forbidden("This needs an operator key."));
    }
    return key;
  }

  /**
   * The tenant that an operator names in place of the header's.
   *
   * @throws ProblemException 403 for a key that may not choose
   */
  public Caller actFor(Caller caller, String tenant) {
    if (!caller.key().isOperator()) {
      throw new ProblemException(Problem.forbidden("Only operator keys may name a tenant."));
    }
    return new Caller(caller.key(), named(tenant, false));
  }

  private ApiKey identify(MultiMap headers) {
    String text = token(headers);
    if (text == null) {
      throw new ProblemException(
          Problem.unauthorized("Send your key as 'Authorization: Bearer <key>' or 'x-api-key'."));
    }
    return registry
        .keys()
        .find(text, clock.instant())
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.unauthorized(
                        "This key is not known, or it was revoked or has expired.")));
  }

  private static String token(MultiMap headers) {
    String authorization = headers.get(HttpHeaders.AUTHORIZATION);
    if (authorization == null) {
      return headers.get(KEY_HEADER);
    }
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length()).strip()
        : null;
  }

  private Tenant tenant(ApiKey key, String header, boolean reads) {
    if (key.isOperator()) {
      return named(header == null ? DEFAULT_TENANT : header, reads);
    }
    return registry
        .tenant(key.tenantId().getAsLong())
        .orElseThrow(
            () -> new ProblemException(Problem.unauthorized("The tenant of this key is gone.")));
  }

  /** The history of a deleted tenant can still be read, by its id: its uid may be another's. */
  private Tenant named(String idOrUid, boolean reads) {
    OptionalLong id = PublicId.TENANT.parse(idOrUid);
    Optional<Tenant> found =
        id.isPresent() ? registry.tenant(id.getAsLong()) : registry.tenant(idOrUid);
    if (found.isEmpty() && id.isPresent() && reads) {
      found = registry.formerTenant(id.getAsLong());
    }
    return found.orElseThrow(
        () ->
            new ProblemException(
                Problem.notFound("There is no tenant '" + idOrUid + "'. Create it first.")));
  }
}
