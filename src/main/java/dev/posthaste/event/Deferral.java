package dev.posthaste.event;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A delivery that is put off.
 *
 * @param attempts made so far
 * @param delay from now, by the clock of the database. Without one, what was never tried is due by
 *     the time of its event: among others of its endpoint it keeps its place, whichever of them is
 *     written down first
 * @param trigger why the next attempt will be made
 * @param reason why it waits
 * @param leasedUntilMicros of an ordered delivery: the lease under which it was put off, by its
 *     end; see {@link OrderLease#untilMicros()}. Its row changes only while that lease stands
 */
public record Deferral(
    DeliveryId delivery,
    int attempts,
    Duration delay,
    Attempt.Trigger trigger,
    Reason reason,
    OptionalLong leasedUntilMicros) {

  /** Of a delivery that has no order. */
  public Deferral(
      DeliveryId delivery, int attempts, Duration delay, Attempt.Trigger trigger, Reason reason) {
    this(delivery, attempts, delay, trigger, reason, OptionalLong.empty());
  }

  /** When it is due whatever the time is now: that of its event, in milliseconds since 1970. */
  public OptionalLong placeMillis() {
    return delay.isZero() && trigger == Attempt.Trigger.LIVE
        ? OptionalLong.of(IdGenerator.millisOf(delivery.eventId()))
        : OptionalLong.empty();
  }

  /** The same for an ordered delivery. */
  public Deferral under(OrderLease lease) {
    return new Deferral(
        delivery, attempts, delay, trigger, reason, OptionalLong.of(lease.untilMicros()));
  }

  /** Why a delivery waits in the table. Numbers are those of the table. */
  public enum Reason {
    /** An attempt has failed. */
    RETRY(1),
    /** Found again after its node died. */
    RECOVERED(2),
    /** Its lane was full. */
    LANE_FULL(3),
    /** It waited in memory for as long as one may. */
    HELD_TOO_LONG(4),
    /** The node, or its tenant's part of it, held as many bytes as it may. */
    MEMORY_FULL(5),
    /** Its endpoint fails, and only a probe goes out now and then. */
    BREAKER_OPEN(6),
    /** Its endpoint is disabled. */
    DISABLED(7),
    /** The endpoint cannot be sent to as it is set up. */
    UNSENDABLE(8),
    /** It comes after another one. */
    ORDER(9),
    /** Somebody asked for it again. */
    REPLAY(10),
    /** Its node stopped. */
    NODE_STOPPED(11),
    /** Made by Posthaste itself: it waits here from its birth. */
    OURS(12);

    private final int number;

    Reason(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    public static Reason of(int number) {
      return values()[number - 1];
    }
  }
}
