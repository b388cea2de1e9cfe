package dev.posthaste.loadtest.torture.check;

/** A time with a beginning and an end, both included, in microseconds of the run's clock. */
public record Span(long fromMicros, long toMicros) {
  /** From a moment on. */
  public static Span from(long micros) {
    return new Span(micros, Long.MAX_VALUE);
  }

  /** Whether the two have a moment in common. */
  public boolean meets(Span other) {
    return fromMicros <= other.toMicros && other.fromMicros <= toMicros;
  }

  /** Whether the other one lies within this one. */
  public boolean covers(Span other) {
    return fromMicros <= other.fromMicros && other.toMicros <= toMicros;
  }
}
