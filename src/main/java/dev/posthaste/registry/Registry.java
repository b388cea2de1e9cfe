package dev.posthaste.registry;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.CatalogOverlay;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventType;
import dev.posthaste.event.Ordering;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What this node knows of tenants, keys, endpoints and catalogs. Every accepted event and every
 * attempt asks it, so it never goes to the database: a feed writes into it what changed there.
 *
 * <p>Read on any thread; written by one at a time.
 */
public final class Registry {
  private final Map<Long, TenantPicture> tenants = new ConcurrentHashMap<>();
  private final Map<String, Long> tenantsByUid = new ConcurrentHashMap<>();
  private final Map<Long, Tenant> former = new ConcurrentHashMap<>();
  private final Map<Long, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final Map<Long, Ordering> orderings = new ConcurrentHashMap<>();
  private final KeyRing keys = new KeyRing();
  private final Map<Long, List<SigningSecret>> directSecrets = new ConcurrentHashMap<>();
  private final MissedEvents missed = new MissedEvents();
  private volatile CatalogPicture catalogs;

  /**
   * @param catalogs of the files: event types by name, by the name of their catalog
   */
  public Registry(Map<String, Map<String, EventType>> catalogs) {
    this.catalogs = CatalogPicture.ofFiles(catalogs);
  }

  public KeyRing keys() {
    return keys;
  }

  public Optional<Tenant> tenant(long id) {
    return Optional.ofNullable(tenants.get(id)).map(TenantPicture::tenant);
  }

  /** By the operator's own name for it. */
  public Optional<Tenant> tenant(String uid) {
    return Optional.ofNullable(tenantsByUid.get(uid)).flatMap(this::tenant);
  }

  public Optional<Endpoint> endpoint(long id) {
    return Optional.ofNullable(endpoints.get(id));
  }

  /**
   * What signs deliveries of a tenant to destinations that events bring, the current secret first;
   * empty before one was made.
   */
  public List<SigningSecret> directSecrets(long tenantId) {
    return directSecrets.getOrDefault(tenantId, List.of());
  }

  /** Replaces the secrets that sign deliveries to destinations which events bring. */
  public void putDirectSecrets(long tenantId, List<SigningSecret> secrets) {
    directSecrets.compute(tenantId, (id, known) -> secrets.isEmpty() ? null : secrets);
  }

  /** Whether any endpoint at all wants an order; says in a moment that none does. */
  public boolean knowsOrdered() {
    return !orderings.isEmpty();
  }

  /** The order that an endpoint wants, if it wants one. */
  public Optional<Ordering> ordering(long endpointId) {
    return Optional.ofNullable(orderings.get(endpointId));
  }

  /** How many endpoints there are, of all tenants. */
  public int endpointCount() {
    return endpoints.size();
  }

  /** All catalogs as they are now; another object whenever one of them has changed. */
  public CatalogPicture catalogs() {
    return catalogs;
  }

  /** The catalog of that name, if there is one. */
  public Optional<Map<String, EventType>> catalog(String name) {
    return catalogs.named(name);
  }

  /** The entry of a type in a tenant's catalog. */
  public Optional<EventType> eventType(Tenant tenant, String type) {
    return tenant.catalog().flatMap(this::catalog).map(catalog -> catalog.get(type));
  }

  /** The active endpoints of a tenant that want this event. */
  public List<Long> targets(Tenant tenant, String type, Optional<String> resourceId) {
    TenantPicture picture = tenants.get(tenant.id());
    return picture == null ? List.of() : picture.targets(type, resourceId);
  }

  /** Counts an accepted event for the disabled endpoints that would have got it. */
  public void countMissed(long tenantId, String type, Optional<String> resourceId) {
    TenantPicture picture = tenants.get(tenantId);
    if (picture != null) {
      picture.missing(type, resourceId).forEach(missed::count);
    }
  }

  /** What disabled endpoints have missed and nobody has taken down yet. */
  public MissedEvents missed() {
    return missed;
  }

  /** Whether an endpoint, if it is active, gets such an event of its tenant. */
  public boolean isFor(Endpoint endpoint, String type, Optional<String> resourceId) {
    Optional<EventType> entry =
        tenant(endpoint.tenantId()).flatMap(tenant -> eventType(tenant, type));
    return endpoint.wantsType(type, entry)
        && endpoint.resourceScopes().admit(entry.flatMap(EventType::resource), resourceId);
  }

  /**
   * Adds a tenant or replaces what was known of it; one that is as it was stays the same object.
   */
  public void put(Tenant tenant) {
    TenantPicture known = tenants.get(tenant.id());
    if (known == null || !known.tenant().equals(tenant)) {
      tenants.put(
          tenant.id(),
          new TenantPicture(
              tenant, catalogOf(tenant), known == null ? Map.of() : known.endpoints()));
    }
    tenantsByUid.put(tenant.uid(), tenant.id());
  }

  /** Lays it over its catalog, for all tenants that have that. */
  public void put(CatalogOverlay overlay) {
    change(catalogs.with(overlay), overlay.catalog());
  }

  /** The catalog is again what the files say. */
  public void removeOverlay(String catalog) {
    change(catalogs.without(catalog), catalog);
  }

  @SuppressWarnings("ReferenceEquality")
  private void change(CatalogPicture next, String catalog) {
    if (next == catalogs) {
      return;
    }
    catalogs = next;
    tenants.replaceAll(
        (id, picture) ->
            picture.tenant().catalog().filter(catalog::equals).isEmpty()
                ? picture
                : new TenantPicture(
                    picture.tenant(), catalogOf(picture.tenant()), picture.endpoints()));
  }

  private Map<String, EventType> catalogOf(Tenant tenant) {
    return tenant.catalog().flatMap(this::catalog).orElse(Map.of());
  }

  /** Forgets a tenant, but for what was accepted for it. Another one may have its uid. */
  public void remove(Tenant tenant) {
    tenants.remove(tenant.id());
    tenantsByUid.remove(tenant.uid(), tenant.id());
    directSecrets.remove(tenant.id());
    former.put(tenant.id(), tenant);
  }

  /** A tenant that was deleted, for whoever looks at its history. */
  public Optional<Tenant> formerTenant(long id) {
    return Optional.ofNullable(former.get(id));
  }

  /** Adds endpoints or replaces what was known of them; their tenants must be known. */
  public void put(List<Endpoint> changed) {
    for (Endpoint endpoint : changed) {
      endpoints.put(endpoint.id(), endpoint);
      orderings.compute(endpoint.id(), (id, known) -> endpoint.ordering().orElse(null));
    }
    change(changed, true);
  }

  public void remove(List<Endpoint> gone) {
    for (Endpoint endpoint : gone) {
      endpoints.remove(endpoint.id());
      orderings.remove(endpoint.id());
    }
    change(gone, false);
  }

  private void change(List<Endpoint> changed, boolean present) {
    changed.stream()
        .collect(Collectors.groupingBy(Endpoint::tenantId))
        .forEach(
            (tenantId, ofTenant) ->
                tenants.computeIfPresent(
                    tenantId, (id, picture) -> picture.with(ofTenant, present)));
  }

  /** Adds a key under the SHA-256 of its text. */
  public void put(ApiKey key, byte[] hash) {
    keys.put(key, hash);
  }
}
