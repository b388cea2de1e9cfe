package dev.posthaste.api;

import dev.posthaste.settings.AttachmentSettings;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The time that a file on its way has: so much in all, and so much for each chunk, so that one that
 * hardly moves does not keep its place for long. On the event loop that begins it.
 */
final class TransferTimer {
  private final Vertx vertx;
  private final Duration perChunk;
  private final long whole;
  private long chunk;
  private Consumer<String> onLate = limit -> {};

  /** Begins to count. */
  TransferTimer(Vertx vertx, AttachmentSettings limits) {
    this.vertx = vertx;
    this.perChunk = limits.chunkTimeout();
    Duration inAll = limits.transferTimeout();
    this.whole =
        vertx.setTimer(
            inAll.toMillis(),
            late -> isLate("in " + inAll.toSeconds() + " seconds (attachments.transferTimeout)"));
    this.chunk = chunkTimer();
  }

  /**
   * Sets who is told, once, that it takes too long.
   *
   * @param action given how fast the file had to be, such as "in 600 seconds"
   */
  void onLate(Consumer<String> action) {
    onLate = action;
  }

  private long chunkTimer() {
    return vertx.setTimer(
        perChunk.toMillis(),
        late ->
            isLate(
                "at %d KiB in %d seconds or faster (attachments.chunkTimeout)"
                    .formatted(Upload.CHUNK_BYTES / 1024, perChunk.toSeconds())));
  }

  private void isLate(String words) {
    end();
    onLate.accept(words);
  }

  /** A chunk has moved. */
  void moved() {
    if (vertx.cancelTimer(chunk)) {
      chunk = chunkTimer();
    }
  }

  /** Nothing can be late any more. */
  void end() {
    vertx.cancelTimer(whole);
    vertx.cancelTimer(chunk);
  }
}
