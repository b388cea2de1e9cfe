package dev.posthaste.support;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;

/**
 * Makes Vert.x for tests: like the server's, but it reports an event loop that is blocked for 100
 * ms, which {@link BlockedThreadGuard} turns into a failure. System properties would not do: only
 * the launcher of Vert.x reads them.
 */
public final class TestVertx {
  private static final long BLOCKED_MILLIS = 100;

  private TestVertx() {}

  /** With two event loops. */
  public static Vertx create() {
    return create(2);
  }

  public static Vertx create(int eventLoops) {
    return Vertx.vertx(options().setEventLoopPoolSize(eventLoops));
  }

  static VertxOptions options() {
    return new VertxOptions()
        .setPreferNativeTransport(true)
        .setBlockedThreadCheckInterval(BLOCKED_MILLIS / 2)
        .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
        .setMaxEventLoopExecuteTime(BLOCKED_MILLIS)
        .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
        // From here on the report carries the stack.
        .setWarningExceptionTime(BLOCKED_MILLIS)
        .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS);
  }
}
