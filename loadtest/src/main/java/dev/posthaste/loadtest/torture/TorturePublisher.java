package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.ServerProcess;
import dev.posthaste.loadtest.torture.check.Acceptance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publishes at a steady rate, whatever the answers are, to all nodes in turn. What was not answered
 * with yes goes to the next node under the same id, until it is. Runs on one event loop of its own;
 * what it has counted may be read from any thread.
 */
final class TorturePublisher implements AutoCloseable {
  private static final long TICK_MILLIS = 10;
  private static final long RETRY_MILLIS = 100;
  private static final long PATIENCE_MILLIS = 4_000;
  private static final int BATCH = 10;
  private static final int BATCH_EVERY = 6;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpClientAgent client =
      vertx
          .httpClientBuilder()
          .with(new HttpClientOptions().setConnectTimeout(1_000))
          .with(new PoolOptions().setHttp1MaxSize(64))
          // A node that is killed resets its connections: that is what the run is for.
          .withConnectHandler(connection -> connection.exceptionHandler(reset -> {}))
          .build();
  private final List<Node> nodes;
  private final RunClock clock;
  private final int rate;
  private final Map<Integer, Acceptance> accepted = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Statuses statuses = new Statuses();

  private volatile boolean stopped;
  private long beganMicros;
  private int numbers;
  private int posts;

  /**
   * @param rate events per second
   */
  TorturePublisher(List<Node> nodes, RunClock clock, int rate) {
    this.nodes = nodes;
    this.clock = clock;
    this.rate = rate;
  }

  void start() {
    beganMicros = clock.micros();
    vertx.setPeriodic(TICK_MILLIS, tick -> post());
  }

  /** What was answered with yes, by number. */
  Map<Integer, Acceptance> accepted() {
    return accepted;
  }

  /** Requests that wait for a yes. */
  int open() {
    return open.get();
  }

  Statuses statuses() {
    return statuses;
  }

  /** Publishes nothing new; what is open goes on. */
  void stop() {
    stopped = true;
  }

  private void post() {
    long due = (clock.micros() - beganMicros) * rate / 1_000_000;
    while (!stopped && numbers < due) {
      int count = ++posts % BATCH_EVERY == 0 ? BATCH : 1;
      Post post = new Post(numbers, count, clock.micros());
      numbers += count;
      open.incrementAndGet();
      send(post, posts);
    }
  }

  private void send(Post post, int turn) {
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(nodes.get(turn % nodes.size()).port())
            .setMethod(HttpMethod.POST)
            .setURI(post.path())
            // Ends the request itself, or a node that hangs would be sent everything for later.
            .setTimeout(PATIENCE_MILLIS)
            .putHeader("authorization", "Bearer " + ServerProcess.KEY)
            .putHeader("content-type", "application/json");
    client
        .request(options)
        .compose(request -> request.send(Buffer.buffer(post.body())))
        .compose(answer -> read(answer, post))
        .onSuccess(done -> open.decrementAndGet())
        .onFailure(e -> vertx.setTimer(RETRY_MILLIS, timer -> send(post, turn + 1)));
  }

  /** Fails if it must be sent again. */
  private Future<Void> read(HttpClientResponse answer, Post post) {
    boolean again = answer.headers().contains("retry-after");
    statuses.count(answer.statusCode(), again);
    return answer.body().map(body -> note(answer.statusCode(), body.toString(), post));
  }

  private Void note(int status, String body, Post post) {
    if (status != 200 && status != 202) {
      statuses.remember(status, body);
      throw new IllegalStateException("answered " + status);
    }
    long now = clock.micros();
    JsonObject json = new JsonObject(body);
    if (post.count() == 1) {
      accept(post, post.first(), json, now);
    } else {
      JsonArray results = json.getJsonArray("results");
      for (int i = 0; i < post.count(); i++) {
        accept(post, post.first() + i, results.getJsonObject(i), now);
      }
    }
    return null;
  }

  private void accept(Post post, int number, JsonObject result, long now) {
    String id = result.getJsonObject("event").getString("id");
    accepted.putIfAbsent(number, post.accepted(number, id, now));
  }

  @Override
  public void close() {
    stop();
    vertx.close().await();
  }
}
