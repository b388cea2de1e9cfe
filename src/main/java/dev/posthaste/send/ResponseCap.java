package dev.posthaste.send;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads the body of a response, but not more than is good for us: after so many bytes the
 * connection is reset, and the first of them are the excerpt. A body that is longer does not change
 * what the status says. Nothing is ever decompressed.
 */
final class ResponseCap implements Handler<Buffer> {
  private final HttpClientResponse response;
  private final int maxRead;
  private final int maxKept;
  private final Promise<String> excerpt = Promise.promise();
  private Buffer kept = Buffer.buffer(0);
  private boolean growing;
  private long read;

  private ResponseCap(HttpClientResponse response, SendSettings settings) {
    this.response = response;
    this.maxRead = settings.maxResponseBytes();
    this.maxKept = settings.keptResponseBytes();
  }

  /** The beginning of the body as text. Fails if the connection ends before the body does. */
  static Future<String> excerptOf(HttpClientResponse response, SendSettings settings) {
    ResponseCap cap = new ResponseCap(response, settings);
    response
        .exceptionHandler(cap.excerpt::tryFail)
        .endHandler(v -> cap.excerpt.tryComplete(cap.text()))
        .handler(cap);
    return cap.excerpt.future();
  }

  @Override
  public void handle(Buffer chunk) {
    keep(chunk);
    read += chunk.length();
    if (read > maxRead) {
      excerpt.tryComplete(text());
      response.request().reset();
    }
  }

  private void keep(Buffer chunk) {
    int room = maxKept - kept.length();
    if (read == 0 && chunk.length() <= room) {
      // The usual answer comes in one piece: no copy.
      kept = chunk;
    } else if (room > 0) {
      kept = growing ? kept : Buffer.buffer().appendBuffer(kept);
      growing = true;
      kept.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
    }
  }

  /** NUL is replaced: PostgreSQL cannot store it in a text. */
  private String text() {
    if (kept.length() == 0) {
      return "";
    }
    String text = read > kept.length() ? decodeCut(kept.getBytes()) : kept.toString();
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\ufffd');
  }

  /** As UTF-8, without the character that the cut may have gone through. */
  private static String decodeCut(byte[] bytes) {
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .onUnmappableCharacter(CodingErrorAction.REPLACE)
        .decode(ByteBuffer.wrap(bytes), chars, false);
    return chars.flip().toString();
  }
}
