package dev.posthaste.loadtest.generator;

import java.util.function.BooleanSupplier;

/** When requests are meant to be sent. Times are microseconds of one clock. */
interface Pace {
  /** Nothing is due yet. */
  long NOT_YET = -1;

  /** Everything was sent. */
  long OVER = -2;

  /** The intended time of the next request, which the caller sends now; or one of the above. */
  long next(long now);

  /** As fast as answers come back. */
  static Pace closed(long end) {
    return now -> now < end ? now : OVER;
  }

  /** The other one, until it is told to stop. */
  static Pace until(BooleanSupplier stopped, Pace other) {
    return now -> stopped.getAsBoolean() ? OVER : other.next(now);
  }

  /** A fixed rate, whatever the answers do: what is late keeps its intended time. */
  static Pace open(long start, long end, double perSecond) {
    return new Pace() {
      private long sent;

      @Override
      public long next(long now) {
        long due = start + Math.round(sent * 1_000_000 / perSecond);
        if (due >= end) {
          return OVER;
        }
        if (due > now) {
          return NOT_YET;
        }
        sent++;
        return due;
      }
    };
  }
}
