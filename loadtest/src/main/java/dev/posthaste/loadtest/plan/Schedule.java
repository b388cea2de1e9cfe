package dev.posthaste.loadtest.plan;

import java.util.Arrays;
import java.util.List;

/**
 * When each request of some legs in a row is due. It counts as Gatling does: so many in each
 * second, and those spread over its milliseconds. Immutable.
 */
public final class Schedule {
  private static final long MICROS = 1_000_000;
  private static final int MILLIS = 1_000;

  private final int[] dueBySecond;
  private final int[] legOfSecond;
  private final int[] firstSecond;

  public Schedule(List<Leg> legs) {
    int seconds = legs.stream().mapToInt(Leg::seconds).sum();
    dueBySecond = new int[seconds];
    legOfSecond = new int[seconds];
    firstSecond = new int[legs.size() + 1];
    int second = 0;
    int before = 0;
    for (int leg = 0; leg < legs.size(); leg++) {
      Leg each = legs.get(leg);
      firstSecond[leg] = second;
      for (int i = 1; i <= each.seconds(); i++) {
        legOfSecond[second] = leg;
        dueBySecond[second] = before + each.requestsBefore(i);
        second++;
      }
      before += each.requestsBefore(each.seconds());
    }
    firstSecond[legs.size()] = second;
  }

  /** All requests. */
  public int requests() {
    return dueBySecond.length == 0 ? 0 : dueBySecond[dueBySecond.length - 1];
  }

  /** The requests of one leg. */
  public int requests(int leg) {
    return dueBefore(firstSecond[leg + 1]) - dueBefore(firstSecond[leg]);
  }

  private int dueBefore(int second) {
    return second == 0 ? 0 : dueBySecond[second - 1];
  }

  /** The leg to which a request belongs; requests are counted from 0. */
  public int legOf(int request) {
    return legOfSecond[secondOf(request)];
  }

  /** When it is due, in microseconds from the beginning, exact to a millisecond. */
  public long dueMicros(int request) {
    int second = secondOf(request);
    long nth = (long) request - dueBefore(second);
    long inSecond = (long) dueBySecond[second] - dueBefore(second);
    return second * MICROS + nth * MILLIS / inSecond * MILLIS;
  }

  /** The second in which it is due: the first by whose end more are due than came before it. */
  private int secondOf(int request) {
    int at = Arrays.binarySearch(dueBySecond, request + 1);
    int found = at < 0 ? -at - 1 : at;
    while (found > 0 && dueBySecond[found - 1] > request) {
      found--;
    }
    return found;
  }

  /** When a leg begins, in microseconds from the beginning. */
  public long beginMicros(int leg) {
    return firstSecond[leg] * MICROS;
  }

  /** When a leg ends, in microseconds from the beginning. */
  public long endMicros(int leg) {
    return firstSecond[leg + 1] * MICROS;
  }
}
