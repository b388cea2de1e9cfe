package dev.posthaste.event;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * A place in a distributed trace, as the W3C Trace Context has it. Always valid: what comes from
 * outside and is not, is no context.
 *
 * @param parent in the form of version 00: {@code 00-<trace id>-<span id>-<flags>}, 55 characters
 * @param state what vendors pass along, at most 512 characters
 */
public record TraceContext(String parent, Optional<String> state) {
  public static final String PARENT_HEADER = "traceparent";
  public static final String STATE_HEADER = "tracestate";

  private static final int LENGTH = 55;
  private static final int SPAN_AT = 36;
  private static final int FLAGS_AT = 53;
  private static final int SAMPLED = 1;

  /** Sampled, and random trace id; the others have no meaning yet and must not be sent on. */
  private static final int KNOWN_FLAGS = 3;

  private static final int MAX_STATE = 512;
  private static final int MAX_MEMBERS = 32;
  private static final Pattern MEMBER =
      Pattern.compile("([a-z0-9][a-z0-9_*/@-]{0,255})=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");

  /**
   * Reads what a caller or a table has.
   *
   * @param traceparent null or invalid: there is no context
   * @param tracestate null if there is none; an invalid one is left out
   */
  public static Optional<TraceContext> read(String traceparent, String tracestate) {
    return isParent(traceparent)
        ? Optional.of(
            new TraceContext(
                canonical(traceparent),
                tracestate != null && isState(tracestate)
                    ? Optional.of(tracestate.strip())
                    : Optional.empty()))
        : Optional.empty();
  }

  /** A context of its own. Ids must not be zero. */
  public static TraceContext of(String traceId, String spanId, boolean sampled) {
    return new TraceContext(
        "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00"), Optional.empty());
  }

  public String traceId() {
    return parent.substring(3, SPAN_AT - 1);
  }

  public String spanId() {
    return parent.substring(SPAN_AT, FLAGS_AT - 1);
  }

  /** Whether the caller records the trace. */
  public boolean isSampled() {
    return (flags(parent) & SAMPLED) != 0;
  }

  /** The same trace with another span. */
  public TraceContext withSpan(String spanId) {
    return new TraceContext(
        parent.substring(0, SPAN_AT) + spanId + parent.substring(FLAGS_AT - 1), state);
  }

  /** Whether a header carries a trace context. */
  public static boolean isHeader(String name) {
    return name.equalsIgnoreCase(PARENT_HEADER) || name.equalsIgnoreCase(STATE_HEADER);
  }

  /** A span id that is not zero: 16 hexadecimal digits. */
  public static String newSpanId(LongSupplier random) {
    long id = 0;
    while (id == 0) {
      id = random.getAsLong();
    }
    String digits = Long.toHexString(id);
    return "0".repeat(16 - digits.length()) + digits;
  }

  /** A later version may have more behind what version 00 has. */
  private static boolean isParent(String text) {
    if (text == null || text.length() < LENGTH || text.startsWith("ff")) {
      return false;
    }
    boolean isVersion00 = text.startsWith("00");
    boolean endsWell = text.length() == LENGTH || (!isVersion00 && text.charAt(LENGTH) == '-');
    return endsWell
        && isHex(text, 0, 2)
        && text.charAt(2) == '-'
        && isId(text, 3, SPAN_AT - 1)
        && text.charAt(SPAN_AT - 1) == '-'
        && isId(text, SPAN_AT, FLAGS_AT - 1)
        && text.charAt(FLAGS_AT - 1) == '-'
        && isHex(text, FLAGS_AT, LENGTH);
  }

  private static String canonical(String text) {
    return "00" + text.substring(2, FLAGS_AT) + "0" + (flags(text) & KNOWN_FLAGS);
  }

  private static int flags(String text) {
    return Integer.parseInt(text, FLAGS_AT, LENGTH, 16);
  }

  private static boolean isId(String text, int from, int to) {
    int notZero = 0;
    for (int i = from; i < to; i++) {
      notZero |= text.charAt(i) - '0';
    }
    return notZero != 0 && isHex(text, from, to);
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isState(String text) {
    if (text.isBlank() || text.length() > MAX_STATE) {
      return false;
    }
    String[] members = text.split(",", -1);
    return members.length <= MAX_MEMBERS && Arrays.stream(members).allMatch(TraceContext::isMember);
  }

  private static boolean isMember(String text) {
    String member = text.strip();
    return member.isEmpty() || MEMBER.matcher(member).matches();
  }
}
