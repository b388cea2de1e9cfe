package dev.posthaste.stream;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;

/**
 * The key of a stream's request. Browsers can set no header on a WebSocket, but they can offer
 * sub-protocols: there the key may stand too. It is never in the URL, which ends up in logs.
 */
final class Credentials {
  /** What a client offers beside its key, and is chosen: browsers insist that something is. */
  static final String PROTOCOL = "posthaste";

  private static final String KEY_PROTOCOL = "posthaste.key.";
  private static final String PROTOCOLS = "Sec-WebSocket-Protocol";
  private static final CharSequence KEY_HEADER = HttpHeaders.createOptimized("x-api-key");

  private final MultiMap headers;

  private Credentials(MultiMap headers) {
    this.headers = headers;
  }

  /** Of a request. A header goes before a sub-protocol. */
  static Credentials of(MultiMap request) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (CharSequence name : List.of(HttpHeaders.AUTHORIZATION, KEY_HEADER, "Posthaste-Tenant")) {
      Optional.ofNullable(request.get(name)).ifPresent(value -> headers.add(name, value));
    }
    if (!headers.contains(HttpHeaders.AUTHORIZATION) && !headers.contains(KEY_HEADER)) {
      offered(request).ifPresent(key -> headers.add(KEY_HEADER, key));
    }
    return new Credentials(headers);
  }

  private static Optional<String> offered(MultiMap request) {
    return request.getAll(PROTOCOLS).stream()
        .flatMap(line -> List.of(line.split(",")).stream())
        .map(String::strip)
        .filter(protocol -> protocol.startsWith(KEY_PROTOCOL))
        .map(protocol -> protocol.substring(KEY_PROTOCOL.length()))
        .findFirst();
  }

  /** As the doorkeeper reads them. */
  MultiMap headers() {
    return headers;
  }

  /** Masked: keys never reach a log. */
  @Override
  public String toString() {
    return "Credentials[masked]";
  }
}
