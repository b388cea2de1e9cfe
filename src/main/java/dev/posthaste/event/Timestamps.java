package dev.posthaste.event;

import java.time.Instant;

/**
 * Texts of points in time, for any thread. Neighbouring events share their second, so the last one
 * formatted is kept. The races on the caches are harmless: the entries are immutable and any of
 * them is right.
 */
public final class Timestamps {
  private static Entry lastIso = new Entry(Long.MIN_VALUE, "");
  private static Entry lastSeconds = new Entry(Long.MIN_VALUE, "");

  private Timestamps() {}

  /** ISO 8601 in UTC with three digits of milliseconds: {@code 2026-01-31T23:59:59.007Z}. */
  public static String iso(long epochMillis) {
    long second = Math.floorDiv(epochMillis, 1000L);
    Entry entry = lastIso;
    if (entry.second != second) {
      String text = Instant.ofEpochSecond(second).toString();
      entry = new Entry(second, text.substring(0, text.length() - 1) + ".");
      lastIso = entry;
    }
    int millis = (int) Math.floorMod(epochMillis, 1000L);
    String padding = millis < 10 ? "00" : millis < 100 ? "0" : "";
    return entry.text + padding + millis + "Z";
  }

  /** Whole seconds since 1970. */
  public static String seconds(Instant at) {
    long second = at.getEpochSecond();
    Entry entry = lastSeconds;
    if (entry.second != second) {
      entry = new Entry(second, Long.toString(second));
      lastSeconds = entry;
    }
    return entry.text;
  }

  private record Entry(long second, String text) {}
}
