package dev.posthaste.support;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Waits, on the thread of a test, for what an event loop is doing. */
public final class Await {
  private static final long PATIENCE_SECONDS = 60;

  private Await() {}

  /** The value; fails the test if there is none. */
  public static <T> T value(Future<T> future) {
    try {
      return done(future);
    } catch (ExecutionException e) {
      throw new AssertionError("it failed", e.getCause());
    }
  }

  /** Why it failed; fails the test if it did not. */
  public static Throwable failure(Future<?> future) {
    try {
      throw new AssertionError("it succeeded with " + done(future));
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  private static <T> T done(Future<T> future) throws ExecutionException {
    CompletableFuture<T> stage = future.toCompletionStage().toCompletableFuture();
    try {
      return stage.get(PATIENCE_SECONDS, SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
