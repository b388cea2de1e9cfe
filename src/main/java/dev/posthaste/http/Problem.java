package dev.posthaste.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * An error as the caller sees it: {@code application/problem+json} of RFC 9457, with {@code code}
 * for programs and {@code message} for SDKs that print it. The detail says what to do.
 *
 * @param status the HTTP status
 * @param code stable, in snake case
 * @param title the same for every problem of the code
 * @param detail what is wrong this time and what to do about it
 * @param faults for invalid input: each fault with its place
 * @param retryAfterSeconds when to come again
 */
public record Problem(
    int status,
    String code,
    String title,
    String detail,
    List<Fault> faults,
    OptionalInt retryAfterSeconds) {
  private static final String TYPE = "https://posthaste.dev/problems/";
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final CharSequence CONTENT_TYPE =
      HttpHeaders.createOptimized("application/problem+json");

  /**
   * One fault of the input.
   *
   * @param pointer RFC 6901, into the body; {@code ""} is the whole
   */
  public record Fault(String pointer, String message) {}

  private static Problem of(int status, String code, String title, String detail) {
    // Details quote what the caller sent, and reach logs and terminals.
    String shown = CONTROL.matcher(detail).replaceAll("?");
    return new Problem(status, code, title, shown, List.of(), OptionalInt.empty());
  }

  public static Problem malformed(String detail) {
    return of(400, "malformed_json", "The body is not JSON", detail);
  }

  public static Problem badRequest(String detail) {
    return of(400, "bad_request", "The request cannot be understood", detail);
  }

  public static Problem unauthorized(String detail) {
    return of(401, "unauthorized", "No valid key", detail);
  }

  public static Problem forbidden(String detail) {
    return of(403, "forbidden", "The key may not do this", detail);
  }

  public static Problem notFound(String detail) {
    return of(404, "not_found", "There is no such thing", detail);
  }

  public static Problem methodNotAllowed(String detail) {
    return of(405, "method_not_allowed", "The route has no such method", detail);
  }

  public static Problem conflict(String detail) {
    return of(409, "conflict", "It exists already", detail);
  }

  /** What is there does not allow it. */
  public static Problem impossible(String detail) {
    return of(409, "impossible", "It cannot be done as things stand", detail);
  }

  /** What is given does not fit any more into what there may be. */
  public static Problem noRoom(String detail) {
    return of(409, "no_room", "There is no room for it", detail);
  }

  /** The request did not come in time. */
  public static Problem tooSlow(String detail) {
    return of(408, "too_slow", "The request took too long", detail);
  }

  /** The same is being done at this moment. */
  public static Problem underWay(String detail, int retryAfterSeconds) {
    return new Problem(
        409,
        "under_way",
        "It is being done already",
        detail,
        List.of(),
        OptionalInt.of(retryAfterSeconds));
  }

  public static Problem tooLarge(String detail) {
    return of(413, "too_large", "The body is too large", detail);
  }

  public static Problem unsupportedMediaType(String detail) {
    return of(415, "unsupported_media_type", "The content type is not supported", detail);
  }

  public static Problem internal(String detail) {
    return of(500, "internal_error", "Something went wrong on our side", detail);
  }

  /** Input that is JSON but not what the route takes. */
  public static Problem invalid(List<Fault> faults) {
    Fault first = faults.getFirst();
    String detail =
        (first.pointer().isEmpty() ? "" : first.pointer() + ": ")
            + first.message()
            + (faults.size() > 1 ? " (and " + (faults.size() - 1) + " more, see errors)" : "");
    return new Problem(
        422, "invalid", "The input is not valid", detail, faults, OptionalInt.empty());
  }

  /** We take no more at the moment. */
  public static Problem overloaded(String detail, int retryAfterSeconds) {
    return new Problem(
        429,
        "overloaded",
        "Too much at once",
        detail,
        List.of(),
        OptionalInt.of(retryAfterSeconds));
  }

  /** The database is away, or we are about to stop. */
  public static Problem unavailable(String detail, int retryAfterSeconds) {
    return new Problem(
        503,
        "unavailable",
        "Not available at the moment",
        detail,
        List.of(),
        OptionalInt.of(retryAfterSeconds));
  }

  /** The body that is sent. */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("type", TYPE + code)
            .put("title", title)
            .put("status", status)
            .put("detail", detail)
            .put("code", code)
            .put("message", detail);
    if (!faults.isEmpty()) {
      JsonArray errors = new JsonArray();
      faults.forEach(
          fault ->
              errors.add(
                  new JsonObject()
                      .put("pointer", fault.pointer())
                      .put("message", fault.message())));
      json.put("errors", errors);
    }
    return json;
  }

  /**
   * Answers with it, unless an answer has begun.
   *
   * @param instance the path of the request
   */
  public void send(HttpServerResponse response, String instance) {
    if (response.headWritten() || response.closed()) {
      return;
    }
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE);
    retryAfterSeconds.ifPresent(
        seconds -> response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(seconds)));
    if (status == 401) {
      response.putHeader("www-authenticate", "Bearer");
    }
    response.end(toJson().put("instance", instance).encode());
  }
}
