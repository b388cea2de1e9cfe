package dev.posthaste.store;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of this machine, but never more than a minute ahead of the database's: the clock of what
 * others rely on. Ids of a node only rise, so does the mark below which it has committed, and who
 * joins begins above all marks. A clock that was wrong for a second would be wrong for everybody,
 * and no partition would take the events.
 *
 * <p>A machine that is behind only holds the feeds up, and is left as it is. Thread-safe.
 */
public final class BoundedClock extends Clock {
  private static final Logger LOG = LoggerFactory.getLogger(BoundedClock.class);
  private static final long AHEAD_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final Clock machine;
  private final Database database;
  private volatile Optional<Look> last = Optional.empty();
  private volatile boolean ahead;

  public BoundedClock(Clock machine, Database database) {
    this.machine = machine;
    this.database = database;
  }

  /**
   * Asks the database for its time; before the first use, and then from time to time. In between it
   * goes on by what no setting of a clock changes.
   */
  public Future<Void> look() {
    long asked = System.nanoTime();
    return DatabaseTime.millis(database.pool()).map(theirs -> looked(new Look(theirs, asked)));
  }

  private Void looked(Look look) {
    last = Optional.of(look);
    long off = machine.millis() - look.bound();
    if (off > 0 && !ahead) {
      LOG.atWarn()
          .addKeyValue("ahead", Duration.ofMillis(off + AHEAD_MILLIS))
          .log(
              "The clock of this machine is ahead of the database's; ids and the retention go by"
                  + " the database's. Set right the one that is wrong");
    } else if (off <= 0 && ahead) {
      LOG.info("The clock of this machine agrees with the database's again");
    }
    ahead = off > 0;
    return null;
  }

  @Override
  public long millis() {
    return Math.min(machine.millis(), last.orElseThrow().bound());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  /** What the database said, and when it was asked. */
  private record Look(long theirMillis, long askedNanos) {
    long bound() {
      return theirMillis + AHEAD_MILLIS + (System.nanoTime() - askedNanos) / NANOS_PER_MILLI;
    }
  }
}
