package dev.posthaste.loadtest.gatling;

import dev.posthaste.loadtest.plan.Plan;
import dev.posthaste.loadtest.wire.Digits;
import dev.posthaste.loadtest.wire.EventMark;
import dev.posthaste.loadtest.wire.Head;
import java.nio.charset.StandardCharsets;

/** The JSON of one kind of event with a blank for its mark. Immutable. */
final class EventText {
  private static final String RUN = "\"run\":\"";

  /** Digits of the number of a run. */
  private static final int RUN_WIDTH = 4;

  private final byte[] text;
  private final int runAt;
  private final int markAt;

  EventText(String type, int dataBytes) {
    String start = "{" + EventMark.blank(0) + ",\"note\":\"";
    String data = start + "x".repeat(Math.max(0, dataBytes - start.length() - 2)) + "\"}";
    text = ("{\"type\":\"" + type + "\",\"data\":" + data + "}").getBytes(StandardCharsets.UTF_8);
    byte[] lead = EventMark.lead(0);
    int at = Head.indexOf(text, lead, 0, text.length);
    runAt = at + RUN.length();
    markAt = at + lead.length;
  }

  /** The texts of a plan's kinds, in their order. */
  static EventText[] of(Plan plan) {
    return plan.kinds().stream()
        .map(kind -> new EventText(kind.type(), plan.dataBytes()))
        .toArray(EventText[]::new);
  }

  int length() {
    return text.length;
  }

  /** Writes the event into an array, from an offset on. */
  void write(byte[] into, int offset, Mark mark) {
    System.arraycopy(text, 0, into, offset, text.length);
    Digits.write(into, offset + runAt, RUN_WIDTH, mark.run());
    EventMark.patch(into, offset + markAt, mark.number(), mark.dueMicros());
  }

  /**
   * What tells an event from all others.
   *
   * @param number in its run
   */
  record Mark(int run, int number, long dueMicros) {}
}
