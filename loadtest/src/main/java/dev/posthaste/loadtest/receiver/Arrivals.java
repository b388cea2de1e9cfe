package dev.posthaste.loadtest.receiver;

import dev.posthaste.loadtest.wire.EventMark;
import dev.posthaste.loadtest.wire.Head;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What arrived of one run: the first arrival of each event at each endpoint that it goes to,
 * repeats, refusals, and how long after the intended send time. Belongs to one event loop.
 */
final class Arrivals {
  private static final long HIGHEST_MICROS = 3_600_000_000L;
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private final byte[] lead;
  private final int fanOut;
  private final Timeline first = new Timeline();
  private final Timeline due = new Timeline();
  private final Histogram sinceIntended = new Histogram(HIGHEST_MICROS, 3);
  private final Map<Integer, Integer> refusals = new HashMap<>();
  private int distinct;
  private int repeats;
  private int refused;
  private int foreign;
  private int badSignatures;

  /**
   * Nothing has arrived.
   *
   * @param fanOut endpoints that each event goes to, whose numbers follow each other
   */
  Arrivals(int run, int fanOut) {
    this.lead = EventMark.lead(run);
    this.fanOut = fanOut;
  }

  /** Whether the request is of this run. */
  boolean isOwn(byte[] bytes, int from, int to) {
    return Head.indexOf(bytes, lead, from, to) >= 0;
  }

  /** Notes a request and says whether it is taken. */
  boolean take(byte[] bytes, int from, int to, Behaviour behaviour, long now) {
    int at = Head.indexOf(bytes, lead, from, to);
    if (at < 0) {
      foreign++;
      return behaviour.takes() && behaviour.refusals() == 0;
    }
    int number = EventMark.number(bytes, at + lead.length);
    if (!behaviour.takes() || refuses(number, behaviour.refusals())) {
      refused++;
      if (behaviour.againSeconds() > 0) {
        due.setFirst(number, now + behaviour.againSeconds() * MICROS_PER_SECOND);
      }
      return false;
    }
    if (first.setFirst(number * fanOut + behaviour.endpoint() % fanOut, now)) {
      distinct++;
      long waited = now - EventMark.micros(bytes, at + lead.length);
      sinceIntended.recordValue(Math.clamp(waited, 0, HIGHEST_MICROS));
    } else {
      repeats++;
    }
    return true;
  }

  private boolean refuses(int number, int times) {
    return times > 0 && refusals.merge(number, 1, Integer::sum) <= times;
  }

  void badSignature() {
    badSignatures++;
  }

  byte[] times() {
    return first.toBytes();
  }

  /** When the events were due that were told to come again; of a run that fans out, at any. */
  byte[] dueTimes() {
    return due.toBytes();
  }

  JsonObject summary() {
    return new JsonObject()
        .put("distinct", distinct)
        .put("repeats", repeats)
        .put("refused", refused)
        .put("foreign", foreign)
        .put("badSignatures", badSignatures)
        .put(
            "sinceIntendedMicros",
            new JsonObject()
                .put("p50", sinceIntended.getValueAtPercentile(50))
                .put("p99", sinceIntended.getValueAtPercentile(99))
                .put("p99.9", sinceIntended.getValueAtPercentile(99.9))
                .put("max", sinceIntended.getMaxValue()));
  }
}
