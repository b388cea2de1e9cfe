package dev.posthaste.store;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.Ordering;
import dev.posthaste.event.ResourceScopes;
import dev.posthaste.event.SigningSecret;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Endpoints as rows and back; what is sealed is opened here. */
final class EndpointRows {
  /** An endpoint with its secrets, the current one first. */
  static final String SELECT =
      """
      SELECT e.*, s.sealed AS secrets, s.valid_until AS secrets_valid_until,
             coalesce(h.consecutive_failures, 0) AS consecutive_failures, h.last_failure_at,
             coalesce(h.missed, 0) AS missed
      FROM endpoint e LEFT JOIN endpoint_health h ON h.endpoint_id = e.id
      CROSS JOIN LATERAL (
        SELECT array_agg(sealed ORDER BY id DESC) AS sealed,
               array_agg(valid_until ORDER BY id DESC) AS valid_until
        FROM endpoint_secret
        WHERE endpoint_id = e.id AND (valid_until IS NULL OR valid_until > now())
      ) s
      """;

  private static final short FIFO = 1;
  private static final short BY_KEY = 2;

  private final Sealer sealer;

  EndpointRows(Sealer sealer) {
    this.sealer = sealer;
  }

  Endpoint read(Row row) {
    long id = row.getLong("id");
    return new Endpoint(
        id,
        row.getLong("tenant_id"),
        Optional.ofNullable(row.getString("uid")),
        row.getString("url"),
        Optional.ofNullable(row.getString("description")),
        Arrays.stream(row.getArrayOfStrings("event_type_filters")).map(EventFilter::new).toList(),
        new ResourceScopes(
            Set.of(row.getArrayOfStrings("vault_ids")),
            Set.of(row.getArrayOfStrings("matter_ids"))),
        Optional.ofNullable(row.getArrayOfStrings("key_scopes")).map(Set::of),
        Endpoint.Status.of(row.getShort("status")),
        Optional.ofNullable(row.getString("disabled_reason")),
        Optional.ofNullable(row.getString("contract")),
        headers(id, row.getBuffer("headers")),
        rateLimit(row),
        Optional.ofNullable(row.getInteger("max_concurrency")),
        ordering(row),
        Optional.ofNullable(row.getArrayOfLongs("retry_delays_ms"))
            .map(delays -> Arrays.stream(delays).map(Duration::ofMillis).toList()),
        row.getBoolean("trace_context"),
        secrets(id, row),
        row.getInteger("consecutive_failures"),
        instant(row.getOffsetDateTime("last_failure_at")),
        row.getLong("missed"),
        instant(row.getOffsetDateTime("dropped_before")),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant(),
        strings(row.getString("metadata")));
  }

  /** The columns that an owner sets, in the order of {@link EndpointStore}'s statements. */
  Tuple write(Endpoint endpoint) {
    return Tuple.tuple()
        .addLong(endpoint.id())
        .addLong(endpoint.tenantId())
        .addString(endpoint.uid().orElse(null))
        .addString(endpoint.url())
        .addString(endpoint.description().orElse(null))
        .addValue(
            endpoint.eventTypeFilters().stream().map(EventFilter::text).toArray(String[]::new))
        .addValue(endpoint.resourceScopes().vaultIds().toArray(String[]::new))
        .addValue(endpoint.resourceScopes().matterIds().toArray(String[]::new))
        .addValue(endpoint.keyScopes().map(scopes -> scopes.toArray(String[]::new)).orElse(null))
        .addShort((short) endpoint.status().number())
        .addString(endpoint.disabledReason().orElse(null))
        .addString(endpoint.contract().orElse(null))
        .addBuffer(
            endpoint.headers().isEmpty()
                ? null
                : Buffer.buffer(sealer.seal(json(endpoint.headers()), endpoint.id())))
        .addInteger(endpoint.rateLimit().map(Endpoint.RateLimit::count).orElse(null))
        .addInteger(endpoint.rateLimit().map(Endpoint.RateLimit::perSeconds).orElse(null))
        .addInteger(endpoint.maxConcurrency().orElse(null))
        .addString(json(endpoint.metadata()))
        .addShort(endpoint.ordering().map(EndpointRows::orderingNumber).orElse(null))
        .addString(endpoint.ordering().flatMap(Ordering::keyPointer).orElse(null))
        .addShort(endpoint.ordering().map(order -> (short) order.onFailure().number()).orElse(null))
        .addValue(
            endpoint
                .retryDelays()
                .map(delays -> delays.stream().map(Duration::toMillis).toArray(Long[]::new))
                .orElse(null))
        .addBoolean(endpoint.traceContext());
  }

  private Map<String, String> headers(long id, Buffer sealed) {
    return sealed == null ? Map.of() : strings(sealer.open(sealed.getBytes(), id));
  }

  private List<SigningSecret> secrets(long id, Row row) {
    Buffer[] sealed = row.getArrayOfBuffers("secrets");
    OffsetDateTime[] ends = row.getArrayOfOffsetDateTimes("secrets_valid_until");
    List<SigningSecret> secrets = new ArrayList<>();
    for (int i = 0; sealed != null && i < sealed.length; i++) {
      secrets.add(new SigningSecret(sealer.open(sealed[i].getBytes(), id), instant(ends[i])));
    }
    return List.copyOf(secrets);
  }

  KeptSecret secret(long endpointId, Row row) {
    return new KeptSecret(
        row.getLong("id"),
        new SigningSecret(
            sealer.open(row.getBuffer("sealed").getBytes(), endpointId),
            instant(row.getOffsetDateTime("valid_until"))),
        row.getOffsetDateTime("created_at").toInstant());
  }

  private static Short orderingNumber(Ordering ordering) {
    return ordering.keyPointer().isPresent() ? BY_KEY : FIFO;
  }

  private static Optional<Ordering> ordering(Row row) {
    return Optional.ofNullable(row.getShort("ordering"))
        .map(
            number ->
                new Ordering(
                    Optional.ofNullable(row.getString("ordering_key")),
                    Ordering.OnFailure.of(row.getShort("ordering_on_failure"))));
  }

  private static Optional<Endpoint.RateLimit> rateLimit(Row row) {
    return Optional.ofNullable(row.getInteger("rate_limit_count"))
        .map(count -> new Endpoint.RateLimit(count, row.getInteger("rate_limit_seconds")));
  }

  static Optional<Instant> instant(OffsetDateTime time) {
    return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
  }

  static OffsetDateTime column(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  static String json(Map<String, String> strings) {
    return new JsonObject(new LinkedHashMap<>(strings)).encode();
  }

  static Map<String, String> strings(String json) {
    Map<String, String> strings = new LinkedHashMap<>();
    new JsonObject(json).forEach(entry -> strings.put(entry.getKey(), (String) entry.getValue()));
    return Map.copyOf(strings);
  }
}
