package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Pause;
import dev.posthaste.loadtest.torture.check.Violation;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Waits until nothing is left to be done: then what has not arrived never will. */
final class Quiet {
  private static final Duration LIMIT = Duration.ofMinutes(30);

  /**
   * As long as attempts arrive, something is being done: an endpoint that takes nothing gets only a
   * probe now and then, and a long run leaves thousands of deliveries to it.
   */
  private static final long STUCK_MICROS = 120_000_000;

  /** Longer than a lane may hold, a lease lasts and a retry waits together. */
  private static final long SILENCE_MICROS = 8_000_000;

  private final Bed bed;
  private final TorturePublisher publisher;
  private final TortureReceiver receiver;
  private final RunClock clock;
  private long arrivals = -1;
  private long movedMicros;
  private String reason = "";

  Quiet(Bed bed, TorturePublisher publisher, TortureReceiver receiver, RunClock clock) {
    this.bed = bed;
    this.publisher = publisher;
    this.receiver = receiver;
    this.clock = clock;
  }

  /**
   * Waits.
   *
   * @param show told why it is not quiet yet
   * @return the fault, if it never is
   */
  Optional<Violation> await(Consumer<String> show) {
    Pause.until(
        LIMIT,
        () -> {
          boolean quiet = isQuiet();
          show.accept(reason);
          return quiet || clock.micros() - movedMicros > STUCK_MICROS;
        });
    return reason.isEmpty()
        ? Optional.empty()
        : Optional.of(new Violation("comes to rest", "", "", reason));
  }

  private boolean isQuiet() {
    long now = clock.micros();
    if (receiver.arrivals() != arrivals) {
      arrivals = receiver.arrivals();
      movedMicros = now;
    }
    reason = why(now);
    return reason.isEmpty();
  }

  private String why(long now) {
    try {
      if (publisher.open() > 0) {
        return publisher.open() + " requests of publishers are not answered with yes";
      }
      long deferred = bed.postgres().query("SELECT count(*) FROM deferred");
      if (deferred > 0) {
        return deferred + " deliveries are deferred";
      }
      if (now - movedMicros < SILENCE_MICROS) {
        return "something arrived a moment ago";
      }
      long live = bed.postgres().query("SELECT count(*) FROM node WHERE live");
      if (live != bed.fleet().nodes().size()) {
        return live + " nodes count as alive";
      }
      return bed.fleet().allReady() ? "" : "a node is not ready";
    } catch (SQLException e) {
      return "PostgreSQL: " + e.getMessage();
    }
  }
}
