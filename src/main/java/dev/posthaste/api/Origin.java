package dev.posthaste.api;

import dev.posthaste.event.Tenant;
import dev.posthaste.http.IdempotencyKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The request behind a call.
 *
 * @param requestId the client's own name for it, for looking it up later
 * @param address where it came from, as far as the connection tells
 * @param idempotencyKey of a POST
 * @param base scheme and host as the client named them
 * @param body as it came
 */
record Origin(
    HttpMethod method,
    String path,
    Optional<String> requestId,
    Optional<String> address,
    Optional<String> idempotencyKey,
    String base,
    Buffer body) {
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  private static final int MAX_REQUEST_ID = 128;
  private static final String SEPARATOR = "\n";

  /**
   * Of a request whose body was read.
   *
   * @throws dev.posthaste.http.ProblemException 400 for a bad idempotency key
   */
  static Origin of(HttpServerRequest request, Buffer body) {
    return new Origin(
        request.method(),
        request.path(),
        Optional.ofNullable(request.getHeader(REQUEST_ID)).filter(Origin::isPlain),
        Optional.ofNullable(request.remoteAddress()).map(from -> from.hostAddress()),
        request.method().equals(HttpMethod.POST)
            ? IdempotencyKey.of(request.headers())
            : Optional.empty(),
        request.scheme() + "://" + host(request),
        body);
  }

  private static String host(HttpServerRequest request) {
    return request.authority() == null
        ? request.localAddress().hostAddress() + ":" + request.localAddress().port()
        : request.authority().toString();
  }

  /** The same with what stands for the body. */
  Origin withBody(Buffer other) {
    return new Origin(method, path, requestId, address, idempotencyKey, base, other);
  }

  private static boolean isPlain(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_REQUEST_ID
        && text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  /** Tells requests apart that have the same idempotency key. */
  Buffer fingerprint(Optional<Tenant> tenant) {
    String head =
        String.join(
            SEPARATOR,
            method.name(),
            path,
            tenant.map(whose -> Long.toString(whose.id())).orElse(""),
            "");
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      return Buffer.buffer(digest.digest(body.getBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
