package dev.posthaste.api;

import dev.posthaste.http.ProblemException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * Where a page ended, as text that means nothing to the client. Names its list, so that the cursor
 * of another list is refused instead of skipping things.
 */
enum Cursor {
  ENDPOINTS(1, 1),
  DELIVERIES(2, 2),
  TENANTS(3, 1),
  KEYS(4, 1),
  EVENTS(5, 1),
  EVENT_FEED(6, 1),
  /** Endpoint and event: the same place means nothing to another endpoint. */
  DELIVERY_FEED(7, 2),
  AUDIT(8, 1),
  JOBS(9, 1),
  /** Event and endpoint. */
  EXPLANATION(10, 2);

  private final byte mark;
  private final int length;

  Cursor(int mark, int length) {
    this.mark = (byte) mark;
    this.length = length;
  }

  String format(long... keys) {
    ByteBuffer bytes = ByteBuffer.allocate(1 + length * Long.BYTES).put(mark);
    Arrays.stream(keys).forEach(bytes::putLong);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /** Where the page begins that a request asks for; the given keys if it asks for the first. */
  long[] of(ApiCall call, long... first) {
    return call.text("cursor").map(text -> parse("cursor", text)).orElse(first);
  }

  /**
   * What a cursor says.
   *
   * @param name the parameter that it came as
   * @param own what it must begin with
   */
  long[] parse(String name, String text, long... own) {
    byte[] bytes = decode(text);
    if (bytes.length != 1 + length * Long.BYTES || bytes[0] != mark) {
      throw foreign(name);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    long[] keys = new long[length];
    Arrays.setAll(keys, i -> in.getLong());
    // Base64 reads some texts alike: only the one that we write is ours.
    if (!format(keys).equals(text) || !Arrays.equals(own, Arrays.copyOf(keys, own.length))) {
      throw foreign(name);
    }
    return keys;
  }

  private static ProblemException foreign(String name) {
    return TimeRange.invalid(
        name, "is not a cursor of this list: send nextCursor of the page before, or nothing");
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
