package dev.posthaste.support;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes spans by OTLP over HTTP, as a collector does, and reads what matters of the protobuf. */
public final class SpanCollector implements AutoCloseable {
  private static final int SPANS_OF_RESOURCE = 2;
  private static final int SPAN_OF_SCOPE = 2;

  private final Vertx vertx = TestVertx.create(1);
  private final Queue<Span> spans = new ConcurrentLinkedQueue<>();
  private final HttpServer server;

  public SpanCollector() {
    server =
        Await.value(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  take(body);
                                  request.response().end();
                                }))
                .listen(0, "127.0.0.1"));
  }

  /**
   * A span as it came.
   *
   * @param parent empty if it has none
   * @param links the spans it links to
   */
  public record Span(String trace, String id, String parent, String name, List<String> links) {}

  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/v1/traces";
  }

  public List<Span> spans() {
    return List.copyOf(spans);
  }

  private void take(Buffer body) {
    for (Buffer resource : fields(body, 1)) {
      for (Buffer scope : fields(resource, SPANS_OF_RESOURCE)) {
        fields(scope, SPAN_OF_SCOPE).forEach(span -> spans.add(read(span)));
      }
    }
  }

  private static Span read(Buffer span) {
    return new Span(
        hex(span, 1),
        hex(span, 2),
        hex(span, 4),
        fields(span, 5).getFirst().toString(),
        fields(span, 13).stream().map(link -> hex(link, 2)).toList());
  }

  private static String hex(Buffer message, int field) {
    return fields(message, field).stream()
        .map(id -> HexFormat.of().formatHex(id.getBytes()))
        .findFirst()
        .orElse("");
  }

  /** The fields of a number that have a length. */
  private static List<Buffer> fields(Buffer message, int number) {
    List<Buffer> found = new ArrayList<>();
    int[] at = {0};
    while (at[0] < message.length()) {
      long tag = varint(message, at);
      switch ((int) (tag & 7)) {
        case 0 -> varint(message, at);
        case 1 -> at[0] += 8;
        case 5 -> at[0] += 4;
        default -> {
          int length = (int) varint(message, at);
          if (tag >>> 3 == number) {
            found.add(message.getBuffer(at[0], at[0] + length));
          }
          at[0] += length;
        }
      }
    }
    return found;
  }

  private static long varint(Buffer message, int[] at) {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = message.getByte(at[0]++);
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }
}
