package dev.posthaste.api;

import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The body of a request on its way into chunks: never more than one and a read of the socket are in
 * memory, and the client is held back while one is written. On the loop of the request.
 */
final class Upload {
  static final int CHUNK_BYTES = 256 * 1024;

  private final HttpServerRequest request;
  private final int limit;
  private final Sink sink;
  private final MessageDigest digest = sha256();
  private final Promise<Received> received = Promise.promise();
  private Buffer collected = Buffer.buffer();
  private int chunks;
  private long size;

  private Upload(HttpServerRequest request, int limit, Sink sink) {
    this.request = request;
    this.limit = limit;
    this.sink = sink;
  }

  /**
   * Reads the whole body.
   *
   * <p>Fails with a 413 problem when it is longer than the limit, with what the sink failed with,
   * or when the client is gone; then nothing more is handed to the sink.
   *
   * @param request paused, and nothing of it read yet
   * @param limit in bytes
   */
  static Upload begin(HttpServerRequest request, int limit, Sink sink) {
    Upload upload = new Upload(request, limit, sink);
    request.handler(upload::add);
    request.exceptionHandler(upload.received::tryFail);
    request.endHandler(end -> upload.end());
    request.resume();
    return upload;
  }

  Future<Received> received() {
    return received.future();
  }

  /** Ends it early. */
  void fail(Throwable cause) {
    received.tryFail(cause);
  }

  private void add(Buffer bytes) {
    if (received.future().isComplete()) {
      return;
    }
    size += bytes.length();
    if (size > limit) {
      fail(tooLarge(limit));
      return;
    }
    digest.update(bytes.getBytes());
    collected.appendBuffer(bytes);
    if (collected.length() >= CHUNK_BYTES) {
      request.pause();
      write().onSuccess(v -> request.resume());
    }
  }

  private void end() {
    if (received.future().isComplete()) {
      return;
    }
    Future<Void> last = collected.length() == 0 ? Future.succeededFuture() : write();
    last.onSuccess(v -> received.tryComplete(new Received(size, Buffer.buffer(digest.digest()))));
  }

  private Future<Void> write() {
    Buffer chunk = collected;
    collected = Buffer.buffer();
    return sink.write(chunks++, chunk).onFailure(this::fail);
  }

  static ProblemException tooLarge(int limit) {
    return new ProblemException(
        Problem.tooLarge("A file may have at most " + limit + " bytes. Split it or compress it."));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Takes the chunks, one at a time, numbered from 0. */
  @FunctionalInterface
  interface Sink {
    Future<Void> write(int number, Buffer bytes);
  }

  /** What came in all. */
  record Received(long size, Buffer sha256) {}
}
