package dev.posthaste.loadtest.wire;

import java.util.Arrays;

/**
 * Cuts the bytes of one connection into HTTP/1.1 messages. Knows content-length only: the peers
 * here never send chunks. Not thread-safe.
 */
public final class MessageStream {
  private static final byte[] CONTENT_LENGTH = Head.name("content-length");
  private static final byte[] TRANSFER_ENCODING = Head.name("transfer-encoding");

  private final Handler handler;
  private byte[] kept = new byte[0];
  private int bodyStart;
  private int end;

  public MessageStream(Handler handler) {
    this.handler = handler;
  }

  /** Gets each whole message; the array may change afterwards. */
  @FunctionalInterface
  public interface Handler {
    void message(byte[] bytes, int start, int bodyStart, int end);
  }

  /**
   * Takes what the connection brought.
   *
   * @throws IllegalArgumentException if the peer sends chunks or a bad length
   */
  public void feed(byte[] piece) {
    byte[] bytes = kept.length == 0 ? piece : join(kept, piece);
    int start = 0;
    while (start < bytes.length && find(bytes, start)) {
      handler.message(bytes, start, bodyStart, end);
      start = end;
    }
    kept = start == bytes.length ? new byte[0] : Arrays.copyOfRange(bytes, start, bytes.length);
  }

  /** Whether a whole message begins at start; then bodyStart and end are set. */
  private boolean find(byte[] bytes, int start) {
    int length = 0;
    int line = start;
    while (true) {
      int eol = Head.indexOf(bytes, (byte) '\n', line, bytes.length);
      if (eol < 0) {
        return false;
      }
      if (eol - line <= 1) {
        bodyStart = eol + 1;
        end = bodyStart + length;
        return end <= bytes.length;
      }
      if (Head.startsWith(bytes, line, eol, CONTENT_LENGTH)) {
        length = Digits.read(bytes, line + CONTENT_LENGTH.length, eol);
      } else if (Head.startsWith(bytes, line, eol, TRANSFER_ENCODING)) {
        throw new IllegalArgumentException("chunked messages are not understood");
      }
      line = eol + 1;
    }
  }

  private static byte[] join(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }
}
