package dev.posthaste.loadtest.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.loadtest.generator.EventTemplate.Kind;
import dev.posthaste.loadtest.wire.WallClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A publisher that knows two nodes, one of which is in trouble. */
class AnInsistingPublisherTest {
  private static final int EVENTS = 60;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Set<HttpConnection> ended = new HashSet<>();
  private final AtomicInteger afterTheEnd = new AtomicInteger();
  private int troubles;

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void sendsAgainElsewhereWhatWasNotTakenAndLeavesAConnectionThatEnds() {
    int troubled = listen(this::troubled);
    int well = listen(this::take);

    JsonObject sent = send(troubled, well);

    assertThat(sent.getJsonObject("statuses")).isEqualTo(new JsonObject().put("202", taken.size()));
    assertThat(sent.getInteger("sent")).isEqualTo(taken.size());
    assertThat(sent.getJsonObject("refusals")).isEqualTo(new JsonObject().put("503", 1));
    assertThat(sent.getInteger("brokenOff")).isEqualTo(1);
    assertThat(afterTheEnd).hasValue(0);
  }

  private JsonObject send(int... ports) {
    EventTemplate template =
        EventTemplate.of(
            new EventTemplate.Target(ports[0], "key"), List.of("a"), new Kind(1, 200, true));
    Generator generator =
        new Generator(
            List.of(template),
            Mix.inTurn(1),
            new Switchboard(List.of(ports[0], ports[1]), true),
            4);
    vertx.deployVerticle(generator).await();
    long start = WallClock.micros();
    Pace untilAllWasMet =
        Pace.until(
            () -> taken.size() >= EVENTS && ended.size() > 1,
            Pace.open(start, start + 20_000_000L, 1_000));
    Future<Ledger> done = generator.run(untilAllWasMet);
    return done.timeout(30, TimeUnit.SECONDS).await().summary();
  }

  private int listen(java.util.function.Consumer<HttpServerRequest> behaviour) {
    return vertx
        .createHttpServer()
        .requestHandler(behaviour::accept)
        .listen(0, "127.0.0.1")
        .await()
        .actualPort();
  }

  /** Breaks off the first, refuses the second, and answers the others for the last time. */
  private void troubled(HttpServerRequest request) {
    if (ended.contains(request.connection())) {
      afterTheEnd.incrementAndGet();
    }
    switch (troubles++) {
      case 0 -> request.connection().close();
      case 1 -> request.response().setStatusCode(503).end("{}");
      default -> {
        ended.add(request.connection());
        request.response().putHeader("connection", "close");
        take(request);
      }
    }
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              taken.add(body.toJsonObject().getString("id"));
              request.response().setStatusCode(202).end("{}");
            });
  }
}
