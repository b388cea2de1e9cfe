package dev.posthaste.send;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.posthaste.contract.Header;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Reply;
import dev.posthaste.support.TestVertx;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A sender on its event loop, used from the thread of a test. */
final class SendRig implements AutoCloseable {
  static final SendSettings LOOPBACK =
      SendSettings.DEFAULT.allowing(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128")));

  /** Nobody waits that long: the deadline of posts that should end by themselves. */
  static final long LONG = 20_000;

  private final Vertx vertx = TestVertx.create();
  private final Context context = vertx.getOrCreateContext();
  private final ClientFactory clients;
  private final Sender sender;

  /** One for each URL, as of endpoints: an endpoint's posts share its part of the connections. */
  private final Map<String, Target> targets = new ConcurrentHashMap<>();

  SendRig(SendSettings settings) {
    this.clients = new ClientFactory(vertx, settings);
    this.sender = await(onLoop(() -> Future.succeededFuture(Sender.open(vertx, clients))));
  }

  /** A single connection to each origin: what does not give it back stops the next delivery. */
  static SendSettings single(Duration connectTimeout) {
    return new SendSettings(
        connectTimeout,
        Duration.ofSeconds(30),
        LOOPBACK.maxLifetime(),
        1,
        0,
        LOOPBACK.maxResponseBytes(),
        LOOPBACK.keptResponseBytes(),
        LOOPBACK.allowed(),
        List.of(),
        List.of());
  }

  /** Idle connections are kept that long. */
  static SendSettings keeping(Duration keepAlive) {
    return new SendSettings(
        LOOPBACK.connectTimeout(),
        keepAlive,
        LOOPBACK.maxLifetime(),
        LOOPBACK.connectionsPerOrigin(),
        LOOPBACK.waitingPerOrigin(),
        LOOPBACK.maxResponseBytes(),
        LOOPBACK.keptResponseBytes(),
        LOOPBACK.allowed(),
        List.of(),
        List.of());
  }

  /** A single connection to each origin, for which many wait; it lives that long. */
  static SendSettings living(Duration lifetime) {
    return new SendSettings(
        LOOPBACK.connectTimeout(),
        LOOPBACK.keepAlive(),
        lifetime,
        1,
        LOOPBACK.waitingPerOrigin(),
        LOOPBACK.maxResponseBytes(),
        LOOPBACK.keptResponseBytes(),
        LOOPBACK.allowed(),
        List.of(),
        List.of());
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static Target target(String url) {
    return switch (Target.parse(url, true)) {
      case Target.Parsed.Good(Target target) -> target;
      case Target.Parsed.Bad(String fault) -> throw new AssertionError(fault);
    };
  }

  Vertx vertx() {
    return vertx;
  }

  <T> Future<T> onLoop(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(v -> work.get().onComplete(promise));
    return promise.future();
  }

  Future<Reply> start(String url, long timeoutMillis) {
    return start(url, Map.of("content-type", "application/json"), timeoutMillis);
  }

  Future<Reply> start(String url, Map<String, String> headers, long timeoutMillis) {
    List<Header> list =
        headers.entrySet().stream().map(e -> new Header(e.getKey(), e.getValue())).toList();
    return onLoop(() -> sender.send(known(url), list, Payload.of("{\"n\":1}"), timeoutMillis));
  }

  Reply postLarge(String url, int bytes, long timeoutMillis) {
    Payload body = Payload.of(new byte[bytes]);
    return await(onLoop(() -> sender.send(known(url), List.of(), body, timeoutMillis)));
  }

  private Target known(String url) {
    return targets.computeIfAbsent(url, SendRig::target);
  }

  Reply post(String url, long timeoutMillis) {
    return await(start(url, timeoutMillis));
  }

  Reply.Answered answered(String url) {
    return switch (post(url, LONG)) {
      case Reply.Answered answered -> answered;
      case Reply.Unanswered unanswered -> throw new AssertionError(unanswered.toString());
    };
  }

  Reply.Unanswered unanswered(String url, long timeoutMillis) {
    return switch (post(url, timeoutMillis)) {
      case Reply.Unanswered unanswered -> unanswered;
      case Reply.Answered answered -> throw new AssertionError(answered.toString());
    };
  }

  int inFlight() {
    return await(onLoop(() -> Future.succeededFuture(sender.inFlight())));
  }

  Future<Void> closeSender() {
    return onLoop(sender::close);
  }

  @Override
  public void close() {
    await(closeSender());
    await(vertx.close());
  }
}
