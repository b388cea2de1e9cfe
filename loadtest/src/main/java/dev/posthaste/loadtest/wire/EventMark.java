package dev.posthaste.loadtest.wire;

import java.nio.charset.StandardCharsets;

/**
 * How an event of the generator is told in a body: the run, a number that counts up from 0 in the
 * run, and the time at which it was meant to be sent. Fixed width, so that it is patched in place.
 */
public final class EventMark {
  /** Digits of the number. */
  public static final int NUMBER_WIDTH = 10;

  /** Digits of the time in microseconds. */
  public static final int TIME_WIDTH = 16;

  private static final byte[] RUN = "\"run\":\"".getBytes(StandardCharsets.US_ASCII);

  private static final int RUN_WIDTH = 4;

  private static final String BETWEEN = "\",\"at\":\"";

  /** From the number's first digit to the time's. */
  public static final int TIME_OFFSET = NUMBER_WIDTH + BETWEEN.length();

  private EventMark() {}

  /** What stands before the number of every event of a run. */
  public static byte[] lead(int run) {
    return "\"run\":\"%04d\",\"n\":\"".formatted(run).getBytes(StandardCharsets.US_ASCII);
  }

  /** What stands before the number in the {@code id} of an event of a run that has one. */
  public static byte[] idLead(int run) {
    return "\"id\":\"bench-%04d-".formatted(run).getBytes(StandardCharsets.US_ASCII);
  }

  /** A blank {@code id}, as a field of a JSON object. */
  public static String blankId(int run) {
    return new String(idLead(run), StandardCharsets.US_ASCII) + "0".repeat(NUMBER_WIDTH) + '"';
  }

  /** Fills in the number of the {@code id} at an offset. */
  public static void patchId(byte[] bytes, int at, long number) {
    Digits.write(bytes, at, NUMBER_WIDTH, number);
  }

  /** The run of the first mark in a body, or -1. */
  public static int run(byte[] bytes, int from, int to) {
    int at = Head.indexOf(bytes, RUN, from, to - RUN_WIDTH);
    return at < 0 ? -1 : Digits.read(bytes, at + RUN.length, at + RUN.length + RUN_WIDTH);
  }

  /** A blank mark, as fields of a JSON object. */
  public static String blank(int run) {
    return new String(lead(run), StandardCharsets.US_ASCII)
        + "0".repeat(NUMBER_WIDTH)
        + BETWEEN
        + "0".repeat(TIME_WIDTH)
        + '"';
  }

  /** A mark, as fields of a JSON object. */
  public static String of(int run, long number, long micros) {
    byte[] mark = blank(run).getBytes(StandardCharsets.US_ASCII);
    patch(mark, lead(run).length, number, micros);
    return new String(mark, StandardCharsets.US_ASCII);
  }

  /** Fills in the mark whose number stands at an offset. */
  public static void patch(byte[] bytes, int at, long number, long micros) {
    Digits.write(bytes, at, NUMBER_WIDTH, number);
    Digits.write(bytes, at + TIME_OFFSET, TIME_WIDTH, micros);
  }

  /** The number of the mark at an offset. */
  public static int number(byte[] bytes, int at) {
    return Digits.read(bytes, at, at + NUMBER_WIDTH);
  }

  /** The time of the mark whose number stands at an offset. */
  public static long micros(byte[] bytes, int at) {
    return Digits.readLong(bytes, at + TIME_OFFSET, at + TIME_OFFSET + TIME_WIDTH);
  }
}
