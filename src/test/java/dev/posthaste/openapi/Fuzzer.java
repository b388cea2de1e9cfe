package dev.posthaste.openapi;

import dev.posthaste.openapi.Client.Request;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Makes requests for an operation: sometimes valid, mostly spoilt in one or two places. */
final class Fuzzer {
  /** Percent-encoded as they go into the request line. */
  private static final List<String> BAD_IDS =
      List.of(
          "ep_1",
          "evt_01JGFJJZ00000G40R40M30E209",
          "dlv_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
          "%00",
          "-1",
          "%F0%9F%98%80",
          "..%2f..",
          "a%20b",
          "%0d%0aset-cookie:x",
          "null",
          "0",
          "x".repeat(1_500),
          "%C3%28",
          "ten_01JGFJJZ00000G40R40M30E209",
          "'--",
          "*",
          "%25",
          "a;b=c",
          "+");

  private static final List<String> BAD_VALUES =
      List.of(
          "",
          "0",
          "-1",
          "251",
          "99999999999999999999",
          "1.5",
          "abc",
          "%00",
          "%F0%9F%98%80",
          "null",
          "true",
          "2026-13-01",
          "2026-01-01T00:00:00Z",
          "-999999999-01-01T00:00:00Z",
          "%2B999999999-12-31T23:59:59Z",
          "9999-12-31T23:59:59Z",
          "%zz",
          "%C3%28",
          "x".repeat(2_000),
          "AQAAAAAAAAAB",
          "BgBkAAAAAAAA",
          "start",
          "now",
          "[]",
          "a%0Ab",
          "*",
          "'--",
          "%25");

  private static final List<String> BAD_TYPES =
      List.of(
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/json; charset=utf-16",
          "application/problem+json",
          "json",
          ";",
          "a/b/c",
          "*/*");

  private final Random random;
  private final Samples samples;
  private final Mutation mutation;

  Fuzzer(long seed) {
    this.random = new Random(seed);
    this.samples = new Samples(random);
    this.mutation = new Mutation(random);
  }

  /**
   * The next one.
   *
   * @param thing id of something that is there
   */
  Request next(Operation operation, String thing, Map<String, String> headers) {
    String target = operation.pathOf(random.nextInt(6) == 0 ? any(BAD_IDS) : thing);
    Buffer body = null;
    if (operation.takesBody()) {
      body = body(operation, headers);
    } else if (random.nextInt(12) == 0) {
      body = Buffer.buffer("{\"not\": \"asked for\"}");
    }
    odd(headers);
    return new Request(operation.method(), joined(target, query(operation)), headers, body);
  }

  /** A thing may bring a query of its own. */
  private static String joined(String target, String query) {
    return target + (target.contains("?") ? query.replaceFirst("^\\?", "&") : query);
  }

  private Buffer body(Operation operation, Map<String, String> headers) {
    headers.put("content-type", operation.mediaType());
    if (random.nextInt(12) == 0) {
      headers.put("content-type", any(BAD_TYPES));
    }
    Buffer valid = random.nextInt(3) == 0 ? samples.body(operation) : samples.anyBody(operation);
    if (random.nextInt(4) == 0 || !operation.mediaType().endsWith("json")) {
      return random.nextInt(15) == 0 ? null : valid;
    }
    return mutation.of(Json.decodeValue(valid));
  }

  private void odd(Map<String, String> headers) {
    switch (random.nextInt(30)) {
      case 0 ->
          headers.put("idempotency-key", any(List.of("", "\"", "x".repeat(300), "\"a\"b", "é")));
      case 1 -> headers.put("idempotency-key", "\"once-" + random.nextInt(3) + "\"");
      case 2 -> headers.put("x-request-id", "x".repeat(500));
      case 3 -> headers.put("accept", "text/html");
      case 4 -> headers.put("content-encoding", "gzip");
      case 5 -> headers.put("traceparent", "00-zz");
      case 6 -> headers.put("if-match", "*");
      default -> {
        // Most have none.
      }
    }
  }

  private String query(Operation operation) {
    List<JsonObject> parameters = operation.parameters("query");
    String query =
        parameters.stream()
            .filter(parameter -> random.nextInt(parameters.size() + 1) < 2)
            .map(parameter -> parameter.getString("name") + "=" + queryValue(parameter))
            .collect(Collectors.joining("&"));
    return switch (random.nextInt(20)) {
      case 0 -> "?" + query + "&" + query;
      case 1 -> "?" + query + "&unknown=1";
      case 2 -> "?%zz=" + any(BAD_VALUES) + "&" + query;
      case 3 -> "?&&=&" + query;
      default -> query.isEmpty() ? "" : "?" + query;
    };
  }

  private String queryValue(JsonObject parameter) {
    if (random.nextInt(3) > 0) {
      return any(BAD_VALUES);
    }
    Object value = samples.value(parameter.getJsonObject("schema"));
    return URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8);
  }

  private <T> T any(List<T> some) {
    return samples.one(some);
  }
}
