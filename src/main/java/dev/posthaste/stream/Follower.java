package dev.posthaste.stream;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.StreamSettings;
import dev.posthaste.store.CommitHorizon;
import dev.posthaste.store.EventTail;
import dev.posthaste.store.EventTail.Tail;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what other nodes have accepted for the tenants that are heard on this one, and what
 * Posthaste itself has appended: one look per tenant and interval, as far as the feed may read. An
 * event of this node whose commit was in doubt when its publisher was told is in neither way.
 * Belongs to one event loop.
 */
final class Follower extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private final Audience audience;
  private final CommitHorizon horizon;
  private final EventTail tail;
  private final StreamSettings settings;

  /** Up to which id each tenant's events were looked at. */
  private final Map<Long, Long> passed = new HashMap<>();

  private Future<Void> looking = Future.succeededFuture();
  private boolean failing;
  private boolean stopped;

  Follower(Streams.Parts parts, Audience audience) {
    this.audience = audience;
    this.horizon = parts.horizon();
    this.tail = parts.tail();
    this.settings = parts.settings();
  }

  @Override
  public Future<?> start() {
    lookLater();
    return Future.succeededFuture();
  }

  private void lookLater() {
    vertx.setTimer(settings.lookInterval().toMillis(), timer -> look());
  }

  private void look() {
    passed.keySet().retainAll(audience.tenants());
    looking = audience.isEmpty() ? Future.succeededFuture() : lookAtAll();
    looking.onComplete(
        looked -> {
          tell(looked.cause());
          if (!stopped) {
            lookLater();
          }
        });
  }

  private Future<Void> lookAtAll() {
    audience.since().forEach((tenant, since) -> passed.putIfAbsent(tenant, lowest(since) - 1));
    return horizon.read().compose(this::lookBelow);
  }

  private static long lowest(long millis) {
    return IdGenerator.lowestAt(millis);
  }

  /** One after the other: streams never hold more than one connection of the pool. */
  private Future<Void> lookBelow(long committed) {
    Future<Void> chain = Future.succeededFuture();
    for (long tenant : passed.keySet()) {
      if (committed - 1 > passed.get(tenant)) {
        chain = chain.compose(done -> lookOrSkip(tenant, committed - 1));
      }
    }
    return chain;
  }

  /**
   * A look that fails is not tried again: its range would only grow, and others wait behind it.
   * Listeners are told of the gap.
   */
  private Future<Void> lookOrSkip(long tenant, long highest) {
    long lowest = passed.get(tenant) + 1;
    return look(tenant, highest)
        .recover(
            e -> {
              passed.put(tenant, highest);
              audience
                  .loopsOf(tenant)
                  .forEach(loop -> loop.skip(tenant, IdGenerator.millisOf(lowest)));
              LOG.atWarn()
                  .addKeyValue("cause", e.getMessage())
                  .log(
                      "A look at what other nodes accepted failed; streams of a tenant have a gap");
              return Future.succeededFuture();
            });
  }

  private Future<Void> look(long tenant, long highest) {
    long lowest = passed.get(tenant) + 1;
    return tail.read(tenant, lowest, highest, settings.lookEvents(), settings.maxWaitingBytes())
        .map(
            found -> {
              passed.put(tenant, highest);
              pass(tenant, found, lowest);
              return null;
            });
  }

  private void pass(long tenant, Tail found, long lowest) {
    long last = found.events().isEmpty() ? lowest : found.events().getLast().id();
    for (LoopStreams loop : audience.loopsOf(tenant)) {
      loop.offer(found.events());
      if (!found.isWhole()) {
        loop.skip(tenant, IdGenerator.millisOf(last));
      }
    }
  }

  private void tell(Throwable cause) {
    if (cause != null && !failing) {
      LOG.atWarn()
          .addKeyValue("cause", cause.getMessage())
          .log("Streams do not show what other nodes accept until the log can be read again");
    } else if (cause == null && failing) {
      LOG.info("Streams show again what other nodes accept");
    }
    failing = cause != null;
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return looking.otherwiseEmpty();
  }
}
