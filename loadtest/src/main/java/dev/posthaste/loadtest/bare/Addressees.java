package dev.posthaste.loadtest.bare;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Who gets the events of a type. Thread-safe. */
final class Addressees {
  private final Map<String, List<Addressee>> byType = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();

  /**
   * An endpoint.
   *
   * @param head of a request, up to its length
   */
  record Addressee(long id, SocketAddress place, Buffer head) {
    private static final int END_OF_HEAD_BYTES = 16;

    Buffer request(Buffer body) {
      return Buffer.buffer(head.length() + END_OF_HEAD_BYTES + body.length())
          .appendBuffer(head)
          .appendString(body.length() + "\r\n\r\n")
          .appendBuffer(body);
    }
  }

  /**
   * Takes what creates an endpoint, as the API has it; gives its number.
   *
   * @throws RuntimeException if it has no URL of plain HTTP with a port, or no types
   */
  long add(JsonObject endpoint) {
    URI url = URI.create(endpoint.getString("url"));
    String head =
        "POST %s HTTP/1.1\r\nhost: %s\r\ncontent-type: application/json\r\ncontent-length: "
            .formatted(url.getPath(), url.getAuthority());
    Addressee added =
        new Addressee(
            lastId.incrementAndGet(),
            SocketAddress.inetSocketAddress(url.getPort(), url.getHost()),
            Buffer.buffer(head));
    for (Object type : endpoint.getJsonArray("eventTypeFilters")) {
      byType.merge(
          (String) type,
          List.of(added),
          (some, one) -> Stream.concat(some.stream(), one.stream()).toList());
    }
    return added.id();
  }

  void remove(long id) {
    byType.replaceAll(
        (type, some) -> some.stream().filter(addressee -> addressee.id() != id).toList());
  }

  List<Addressee> of(String type) {
    return byType.getOrDefault(type, List.of());
  }
}
