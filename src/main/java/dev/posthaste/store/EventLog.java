package dev.posthaste.store;

import dev.posthaste.event.Event;
import dev.posthaste.event.OrderedTarget;
import io.vertx.core.Future;
import java.util.List;

/**
 * Where accepted events are durable. One per event loop, used on that loop only.
 *
 * <p>Behind this interface PostgreSQL can be replaced by a log such as Kafka.
 */
public interface EventLog {
  /**
   * Makes events durable, all or none. When the future succeeds they are committed, except the
   * repeats that it names: their key was seen before.
   *
   * <p>Whether anything was written when it fails, {@link StoreTrouble#isInDoubt} says: not after
   * most answers of PostgreSQL, an {@link UnsentException} or a {@link FencedException}. In doubt
   * it is where the connection was lost, or ended by the server, while the commit was under way;
   * then {@link #recover} settles the doubt, once {@link #endLost} has said that nothing more can
   * come.
   *
   * @param ordered targets among theirs that wait in the table of deferred deliveries from the same
   *     commit on, in their order behind what was accepted before; not those of repeats
   */
  Future<List<Repeat>> append(List<Event> events, List<OrderedTarget> ordered);

  /** Without ordered targets. */
  default Future<List<Repeat>> append(List<Event> events) {
    return append(events, List.of());
  }

  /**
   * Turns each delivery of the given events that has neither a final attempt nor a deferred row
   * into a deferred row that is due now. Harmless when repeated, and for ids that do not exist.
   */
  Future<Void> recover(List<Long> eventIds);

  /**
   * Ends what may still be under way of the appends that have failed so far. Time is no proof: a
   * commit may wait for a standby for as long as that is away.
   *
   * @return whether all of it has ended; if not, it is to be asked again
   */
  Future<Boolean> endLost();

  Future<Void> close();

  /**
   * An event that was given with a key that its tenant had used before.
   *
   * @param givenId the id that the event would have had
   * @param original the event that was accepted with this key
   */
  record Repeat(long givenId, Original original) {}

  /** What is told of the first event when its repeat comes. */
  record Original(long id, String type, long occurredAtMillis, int targets) {}
}
