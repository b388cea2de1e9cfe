package dev.posthaste.support;

import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.Ordering;
import dev.posthaste.event.Payload;
import dev.posthaste.event.ResourceScopes;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.TraceContext;
import dev.posthaste.store.Fence;
import dev.posthaste.store.OwnEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Tenants, endpoints and events as tests need them. */
public final class Samples {
  public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private Samples() {}

  /** What appends events of our own on a node. */
  public static OwnEvents own(TestDatabase db, Fence fence) {
    IdGenerator ids = new IdGenerator(Clock.systemUTC(), fence.node(), 0);
    return new OwnEvents(db.database(), fence, ids, Duration.ofSeconds(2));
  }

  public static Tenant tenant(long id, String uid) {
    return new Tenant(
        id, uid, uid, "standard", Optional.empty(), Optional.empty(), Optional.empty());
  }

  public static Endpoint endpoint(long id, long tenantId, String url) {
    return endpoint(id, tenantId, url, Endpoint.Status.ACTIVE, "standard");
  }

  public static Endpoint endpoint(
      long id, long tenantId, String url, Endpoint.Status status, String contract) {
    return endpoint(id, tenantId, url, status, contract, Optional.empty());
  }

  /** An active one that wants its deliveries in order. */
  public static Endpoint ordered(
      long id, long tenantId, String url, String contract, Ordering ordering) {
    return endpoint(id, tenantId, url, Endpoint.Status.ACTIVE, contract, Optional.of(ordering));
  }

  private static Endpoint endpoint(
      long id,
      long tenantId,
      String url,
      Endpoint.Status status,
      String contract,
      Optional<Ordering> ordering) {
    return new Endpoint(
        id,
        tenantId,
        Optional.empty(),
        url,
        Optional.empty(),
        List.of(new EventFilter("*")),
        ResourceScopes.ALL,
        Optional.empty(),
        status,
        Optional.empty(),
        Optional.of(contract),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        ordering,
        Optional.empty(),
        false,
        List.of(new SigningSecret(SECRET, Optional.empty())),
        0,
        Optional.empty(),
        0,
        Optional.empty(),
        Instant.EPOCH,
        Instant.EPOCH,
        Map.of());
  }

  /** The same endpoint, with the trace context sent along, and headers of its own. */
  public static Endpoint traced(Endpoint one, Map<String, String> headers) {
    return new Endpoint(
        one.id(),
        one.tenantId(),
        one.uid(),
        one.url(),
        one.description(),
        one.eventTypeFilters(),
        one.resourceScopes(),
        one.keyScopes(),
        one.status(),
        one.disabledReason(),
        one.contract(),
        headers,
        one.rateLimit(),
        one.maxConcurrency(),
        one.ordering(),
        one.retryDelays(),
        true,
        one.secrets(),
        one.consecutiveFailures(),
        one.lastFailureAt(),
        one.missedEvents(),
        one.droppedBefore(),
        one.createdAt(),
        one.updatedAt(),
        one.metadata());
  }

  /** The same endpoint, made by a key that has only these scopes. */
  public static Endpoint scoped(Endpoint one, Set<String> scopes) {
    return copy(one, Optional.of(scopes), one.contract());
  }

  /** The same endpoint, without a contract of its own. */
  public static Endpoint ofTenantsContract(Endpoint one) {
    return copy(one, one.keyScopes(), Optional.empty());
  }

  /** The same endpoint with these filters. */
  public static Endpoint filtered(Endpoint one, List<EventFilter> filters) {
    return copy(one, filters, one.keyScopes(), one.contract(), one.droppedBefore());
  }

  private static Endpoint copy(
      Endpoint one, Optional<Set<String>> keyScopes, Optional<String> contract) {
    return copy(one, one.eventTypeFilters(), keyScopes, contract, one.droppedBefore());
  }

  /** The same endpoint, of which nothing is delivered that waited before then. */
  public static Endpoint dropping(Endpoint one, Instant before) {
    return copy(one, one.eventTypeFilters(), one.keyScopes(), one.contract(), Optional.of(before));
  }

  private static Endpoint copy(
      Endpoint one,
      List<EventFilter> filters,
      Optional<Set<String>> keyScopes,
      Optional<String> contract,
      Optional<Instant> droppedBefore) {
    return new Endpoint(
        one.id(),
        one.tenantId(),
        one.uid(),
        one.url(),
        one.description(),
        filters,
        one.resourceScopes(),
        keyScopes,
        one.status(),
        one.disabledReason(),
        contract,
        one.headers(),
        one.rateLimit(),
        one.maxConcurrency(),
        one.ordering(),
        one.retryDelays(),
        one.traceContext(),
        one.secrets(),
        one.consecutiveFailures(),
        one.lastFailureAt(),
        one.missedEvents(),
        droppedBefore,
        one.createdAt(),
        one.updatedAt(),
        one.metadata());
  }

  /** The same event in a trace. */
  public static Event traced(Event event, Optional<TraceContext> trace) {
    return copy(event, event.tenantId(), trace);
  }

  /** The same event of another tenant. */
  public static Event ofTenant(long tenantId, Event event) {
    return copy(event, tenantId, event.trace());
  }

  /** The same event, for nobody but a destination that it brings. */
  public static Event direct(Event event, String url) {
    return new Event(
        event.id(),
        event.tenantId(),
        event.type(),
        event.occurredAtMillis(),
        event.resourceId(),
        event.key(),
        event.data(),
        event.trace(),
        List.of(DirectTarget.id(event.tenantId(), url)),
        Optional.of(url),
        OptionalLong.empty());
  }

  private static Event copy(Event event, long tenantId, Optional<TraceContext> trace) {
    return new Event(
        event.id(),
        tenantId,
        event.type(),
        event.occurredAtMillis(),
        event.resourceId(),
        event.key(),
        event.data(),
        trace,
        event.targets());
  }

  /** Ids of now, made by node 0. */
  public static IdGenerator ids() {
    return new IdGenerator(Clock.systemUTC(), 0, 0);
  }

  public static Event event(long id, Long... targets) {
    return keyed(id, null, targets);
  }

  /** With a key of its publisher, or none if that is null. */
  public static Event keyed(long id, String key, Long... targets) {
    return new Event(
        id,
        1,
        "order.paid",
        1_774_131_900_007L,
        Optional.empty(),
        Optional.ofNullable(key),
        Payload.of("{\"n\":" + id + "}"),
        Optional.empty(),
        Arrays.asList(targets));
  }
}
