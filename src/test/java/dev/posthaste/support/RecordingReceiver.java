package dev.posthaste.support;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** An HTTP server on loopback that remembers what it got and answers as it is told, by path. */
public final class RecordingReceiver implements AutoCloseable {
  private final Vertx vertx = TestVertx.create(1);
  private final Queue<Received> received = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> unanswered = new ConcurrentHashMap<>();
  private final Map<String, Function<Received, Answer>> answers = new ConcurrentHashMap<>();
  private final HttpServer server;

  public RecordingReceiver() {
    server =
        Await.value(vertx.createHttpServer().requestHandler(this::receive).listen(0, "127.0.0.1"));
  }

  /**
   * A request that came in whole.
   *
   * @param number of those for the path, from 1
   * @param unanswered how many for the path have no answer yet, this one included
   */
  public record Received(
      String path, MultiMap headers, String body, int number, int unanswered, String method) {}

  /**
   * What to answer.
   *
   * @param status 0 for never, {@link #CUT} to close the connection instead
   * @param headers further ones
   */
  public record Answer(int status, long delayMillis, Map<String, String> headers) {
    private static final int CUT = -1;

    public Answer(int status, long delayMillis) {
      this(status, delayMillis, Map.of());
    }

    public static Answer of(int status) {
      return new Answer(status, 0);
    }

    public static Answer never() {
      return of(0);
    }

    public static Answer cut() {
      return of(CUT);
    }

    public Answer with(String header, String value) {
      return new Answer(status, delayMillis, Map.of(header, value));
    }
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  /** Answers requests for the path; 200 where nothing is said. */
  public void answer(String path, Function<Received, Answer> answer) {
    answers.put(path, answer);
  }

  public void answer(String path, Answer answer) {
    answer(path, request -> answer);
  }

  /** What came for the path, in order. */
  public List<Received> received(String path) {
    return received.stream().filter(one -> one.path.equals(path)).toList();
  }

  private void receive(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              int number = received(request.path()).size() + 1;
              Received one =
                  new Received(
                      request.path(),
                      request.headers(),
                      body.toString(),
                      number,
                      unanswered.merge(request.path(), 1, Integer::sum),
                      request.method().name());
              received.add(one);
              answer(request, answers.getOrDefault(one.path, r -> Answer.of(200)).apply(one));
            });
  }

  private void answer(HttpServerRequest request, Answer answer) {
    if (answer.status == Answer.CUT) {
      answered(request);
      request.connection().close();
    } else if (answer.status > 0) {
      vertx.setTimer(
          Math.max(1, answer.delayMillis),
          timer -> {
            answered(request);
            if (!request.response().closed()) {
              answer.headers.forEach(request.response()::putHeader);
              request.response().setStatusCode(answer.status).end("answer");
            }
          });
    }
  }

  /** Said before the answer goes, so that what follows from it never counts as at the same time. */
  private void answered(HttpServerRequest request) {
    unanswered.merge(request.path(), -1, Integer::sum);
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }
}
