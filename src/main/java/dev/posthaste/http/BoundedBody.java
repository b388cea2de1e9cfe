package dev.posthaste.http;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;

/** Reads a request's body whole, up to a limit. */
public final class BoundedBody {
  private final HttpServerRequest request;
  private final int limit;
  private final Promise<Buffer> read = Promise.promise();
  private Buffer body;
  private boolean over;

  private BoundedBody(HttpServerRequest request, int limit) {
    this.request = request;
    this.limit = limit;
  }

  /**
   * The body; fails with a 413 problem when it is longer than the limit, as soon as that shows.
   * What still comes is thrown away and the connection is closed after the answer.
   *
   * @param limit in bytes
   */
  public static Future<Buffer> read(HttpServerRequest request, int limit) {
    BoundedBody body = new BoundedBody(request, limit);
    request.handler(body::add);
    request.exceptionHandler(body.read::tryFail);
    request.endHandler(end -> body.end());
    return body.read.future();
  }

  /**
   * The bytes of a body that is whole: its own array where it fills that, otherwise a copy. Read
   * only.
   */
  public static byte[] bytes(Buffer body) {
    ByteBuf whole = ((BufferInternal) body).getByteBuf();
    boolean fills =
        whole.hasArray() && whole.arrayOffset() == 0 && whole.array().length == body.length();
    return fills ? whole.array() : body.getBytes();
  }

  private void add(Buffer chunk) {
    if (over) {
      return;
    }
    int length = chunk.length() + (body == null ? 0 : body.length());
    if (length > limit) {
      over = true;
      body = null;
      closeAfterAnswer();
      read.tryFail(
          new ProblemException(Problem.tooLarge("The body may have at most " + limit + " bytes.")));
    } else if (body == null) {
      body = chunk;
    } else {
      body = body.appendBuffer(chunk);
    }
  }

  /** HTTP/2 has no such header: a client that sees it there drops the answer. */
  private void closeAfterAnswer() {
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  private void end() {
    read.tryComplete(body == null ? Buffer.buffer() : body);
  }
}
