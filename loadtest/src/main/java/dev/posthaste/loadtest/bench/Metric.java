package dev.posthaste.loadtest.bench;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a run measures. The order is that of the table. */
enum Metric {
  ACCEPTED("accepted, events/s", 0, ""),
  DELIVERED("deliveries/s", 0, "≥ 18,000 (max), 15,000 (slow), 30,000 (fanout)"),
  SERVER_CPU("server CPU, µs/event", 1, "≤ 35 (max)"),
  POSTGRES_CPU("PostgreSQL CPU, µs/event", 1, "≤ 12 (max)"),
  RECEIVER_CPU("receiver CPU, µs/event", 1, ""),
  GENERATOR_CPU("generator CPU, µs/event", 1, ""),
  MACHINE_BUSY("machine busy, %", 0, ""),
  OTHERS("machine taken by others, %", 0, "0, else it is noise"),
  WAL("WAL, bytes/event", 0, "≤ 2,200 (max)"),
  COMMITS("commits/1000 events", 1, ""),
  ALLOCATED("server allocation, bytes/event", 0, ""),
  GC_SHARE("server stopped by its GC, %", 1, ""),
  RSS("server RSS, MiB", 0, ""),
  RSS_MOST("server RSS at most, MiB", 0, "≤ 400 (crowd)"),
  IN_FLIGHT("in flight at the receivers", 0, "≥ 5,000 (inflight)"),
  IN_FLIGHT_MOST("in flight at most", 0, ""),
  ARRIVED_P50("accepted to arrived p50, ms", 2, ""),
  ARRIVED_P99("accepted to arrived p99, ms", 2, "≤ 50 (steady)"),
  ARRIVED_P999("accepted to arrived p99.9, ms", 2, ""),
  ARRIVED_MAX("accepted to arrived max, ms", 2, ""),
  RETRIED_P50("due retry to arrived p50, ms", 2, ""),
  RETRIED_P99("due retry to arrived p99, ms", 2, "≤ 1,000 (during)"),
  RETRIED_MAX("due retry to arrived max, ms", 2, ""),
  ANSWERED_P50("intended send to 202 p50, ms", 2, ""),
  ANSWERED_P99("intended send to 202 p99, ms", 2, ""),
  ANSWERED_P999("intended send to 202 p99.9, ms", 2, ""),
  ANSWERED_MAX("intended send to 202 max, ms", 2, ""),
  WHOLE_P99("intended send to arrived p99, ms", 2, ""),
  LATE("generator late at most, ms", 2, ""),
  HANDSHAKES("TLS handshakes/delivery", 3, ""),
  RESUMED("of them resumed, %", 0, ""),
  START("start to ready, s", 2, "≤ 2 (join)"),
  KNOWN_P50("made to an event arrived at it p50, ms", 1, ""),
  KNOWN_P90("made to an event arrived at it p90, ms", 1, ""),
  KNOWN_MAX("made to an event arrived at it max, ms", 1, "≤ 100"),
  REFUSED("answered 429 or 503", 0, ""),
  OTHER("other answers or none", 0, ""),
  FAULTS("answered 5xx", 0, "0"),
  BROKEN_OFF("connections closed under a request, sent again", 0, ""),
  REPEATS("arrived more than once", 0, ""),
  DRAIN("drain after the last answer, s", 1, ""),
  PENDING("waiting for a retry at the end", 0, ""),
  BACKLOG("backlog delivered, rows", 0, ""),
  BACKLOG_TIME("backlog delivered in, s", 1, ""),
  BACKLOG_RATE("backlog, rows/s", 0, ""),
  RESTART("SIGTERM to ready again, s", 1, ""),
  RESTART_MOST("SIGTERM to ready again at most, s", 1, ""),
  ACCEPTED_ALL("accepted in all, events", 0, ""),
  LOST("lost", 0, "0");

  /** What must not happen in any run. */
  static final Set<Metric> NEVER = Collections.unmodifiableSet(EnumSet.of(LOST, FAULTS));

  private final String label;
  private final int digits;
  private final String target;

  Metric(String label, int digits, String target) {
    this.label = label;
    this.digits = digits;
    this.target = target;
  }

  /** In the file for programs. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  String label() {
    return label;
  }

  String target() {
    return target;
  }

  String format(double value) {
    return String.format("%,." + digits + "f", value);
  }
}
