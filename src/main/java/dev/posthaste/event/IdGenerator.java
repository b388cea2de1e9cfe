package dev.posthaste.event;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes 63-bit ids that sort by time without asking the database: 41 bits of milliseconds since
 * {@link #EPOCH_MILLIS}, 10 bits of node, 12 bits of sequence.
 *
 * <p>Ids of one generator only rise, also when the clock goes back: then the generator runs ahead
 * of the clock until it is caught up. Thread-safe and lock-free; shared by all event loops of a
 * node.
 */
public final class IdGenerator {
  /** 2024-01-01T00:00:00Z. The 41 bits last until the year 2093. */
  public static final long EPOCH_MILLIS = 1_704_067_200_000L;

  /** Nodes that can make ids at the same time: ids carry the node in 10 bits. */
  public static final int MAX_NODES = 1 << 10;

  private static final int NODE_BITS = 10;
  private static final int SEQUENCE_BITS = 12;
  private static final int TIME_SHIFT = NODE_BITS + SEQUENCE_BITS;
  private static final long LAST_MILLIS = EPOCH_MILLIS + (Long.MAX_VALUE >>> TIME_SHIFT);

  private final Clock clock;
  private final int node;

  /** Time in the high bits and sequence in the low ones, without the node. */
  private final AtomicLong last;

  /**
   * @param node 0 to {@link #MAX_NODES} - 1; no other live node has it
   * @param floor every id will be greater than this one: the highest id that an earlier holder of
   *     the node number may have made, or 0
   */
  public IdGenerator(Clock clock, int node, long floor) {
    if (node < 0 || node >= MAX_NODES) {
      throw new IllegalArgumentException("node must be 0.." + (MAX_NODES - 1) + ", is " + node);
    }
    this.clock = clock;
    this.node = node;
    this.last = new AtomicLong(((floor >>> TIME_SHIFT) + 1) << SEQUENCE_BITS);
  }

  /** The next id. */
  public long next() {
    long now = (clock.millis() - EPOCH_MILLIS) << SEQUENCE_BITS;
    return withNode(last.updateAndGet(previous -> Math.max(previous + 1, now)));
  }

  /** Every id made from now on is greater than this one. */
  public long last() {
    return withNode(last.get());
  }

  /** When the id was made, in milliseconds since 1970, to the millisecond. */
  public static long millisOf(long id) {
    return (id >>> TIME_SHIFT) + EPOCH_MILLIS;
  }

  /**
   * The lowest id that can be made at or after the given time; 0 for times before the epoch, and
   * for times beyond the last one the lowest of that.
   */
  public static long lowestAt(long epochMillis) {
    return (Math.clamp(epochMillis, EPOCH_MILLIS, LAST_MILLIS) - EPOCH_MILLIS) << TIME_SHIFT;
  }

  /** Which node made the id. */
  public static int nodeOf(long id) {
    return (int) (id >>> SEQUENCE_BITS) & (MAX_NODES - 1);
  }

  private long withNode(long timeAndSequence) {
    long time = timeAndSequence >>> SEQUENCE_BITS;
    long sequence = timeAndSequence & ((1 << SEQUENCE_BITS) - 1);
    return time << TIME_SHIFT | (long) node << SEQUENCE_BITS | sequence;
  }
}
