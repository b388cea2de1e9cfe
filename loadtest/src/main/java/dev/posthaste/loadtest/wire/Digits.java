package dev.posthaste.loadtest.wire;

/** Decimal numbers in byte arrays. */
public final class Digits {
  private Digits() {}

  /** Writes the number right-aligned over width bytes, with leading zeros. */
  public static void write(byte[] bytes, int at, int width, long number) {
    long rest = number;
    for (int i = at + width - 1; i >= at; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /** The number between from and to; spaces and line ends around it are skipped. */
  public static int read(byte[] bytes, int from, int to) {
    return Math.toIntExact(readLong(bytes, from, to));
  }

  /** As {@link #read}, for large numbers. */
  public static long readLong(byte[] bytes, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b >= '0' && b <= '9') {
        number = number * 10 + b - '0';
      } else if (b != ' ' && b != '\r') {
        throw new IllegalArgumentException("not a number");
      }
    }
    return number;
  }
}
