package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.torture.check.PaceKept;
import dev.posthaste.loadtest.torture.check.Subscription.Order;
import dev.posthaste.loadtest.torture.check.Tally;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * An endpoint of the run.
 *
 * @param extra fields of its creation besides URL and filter
 */
record Role(String name, String eventType, Manner manner, Order order, JsonObject extra) {
  static final String MAIN = "torture.main";
  static final String LIMITED = "torture.limited";
  static final String BROKEN = "torture.broken";
  static final String FIFO = "torture.fifo";
  static final String CASES = "torture.cases";
  static final String SKIPS = "torture.skips";

  /** The one that is disabled and enabled again. */
  static final String TOGGLED = "toggled";

  /** The one that allows few a second. */
  static final String PACED = "limited";

  /** A second: more than comes for it on average, up to 150 events a second in all. */
  private static final int PACE = 10;

  /** So many events in a row are for that one, which is to get them over many seconds. */
  private static final int BURST = 160;

  private static final int BURST_FROM = 200;
  private static final int BURST_EVERY = 2_500;

  /** Those that are deleted, in this order; the last one in the calm after the faults. */
  static final List<String> DOOMED = List.of("doomed-1", "doomed-2", "doomed-3");

  static final List<Role> ALL =
      List.of(
          plain(Tally.HEALTHY, Manner.TAKES),
          plain("slow", Manner.TAKES_LATE),
          plain("shaky", Manner.SHAKY),
          new Role("inline", MAIN, Manner.SHAKY, Order.NONE, contract(Contracts.INLINE)),
          plain(TOGGLED, Manner.TAKES),
          plain(DOOMED.get(0), Manner.TAKES),
          plain(DOOMED.get(1), Manner.SHAKY),
          plain(DOOMED.get(2), Manner.SHAKY),
          new Role(
              PACED,
              LIMITED,
              Manner.TAKES,
              Order.NONE,
              new JsonObject()
                  .put("rateLimit", new JsonObject().put("count", PACE).put("perSeconds", 1))),
          new Role("broken", BROKEN, Manner.REFUSES, Order.NONE, contract(Contracts.SHORT)),
          new Role(
              "fifo", FIFO, Manner.MOSTLY, Order.FIFO, new JsonObject().put("ordering", "fifo")),
          new Role(
              "skips",
              SKIPS,
              Manner.NEVER_SOME,
              Order.FIFO,
              contract(Contracts.SHORT).put("ordering", new JsonObject().put("onFailure", "skip"))),
          new Role(
              "cases",
              CASES,
              Manner.MOSTLY,
              Order.BY_CASE,
              new JsonObject().put("ordering", new JsonObject().put("key", "/data/caseId"))));

  private static Role plain(String name, Manner manner) {
    return new Role(name, MAIN, manner, Order.NONE, new JsonObject());
  }

  private static JsonObject contract(String code) {
    return new JsonObject().put("contract", code);
  }

  /** What so many nodes together must keep to. */
  static PaceKept pace(int nodes) {
    return new PaceKept(PACED, PACE, nodes);
  }

  /** Of its contract's schedule, in milliseconds. */
  List<Long> waits() {
    return Contracts.waits(extra.getString("contract", ""));
  }

  /** The same without an order, for servers that know none. */
  Role unordered() {
    JsonObject rest = extra.copy();
    rest.remove("ordering");
    return new Role(name, eventType, manner, Order.NONE, rest);
  }

  /**
   * Of every hundred events most are for the many, a few for each special one, and one for that
   * which takes nothing: it only gets probes, and what comes faster than these piles up. What is
   * for the one that is limited comes all at once, now and then.
   */
  static String eventType(int number) {
    int inTurn = number % BURST_EVERY - BURST_FROM;
    if (inTurn >= 0 && inTurn < BURST) {
      return LIMITED;
    }
    if (number % 100 == 6) {
      return BROKEN;
    }
    return switch (number % 25) {
      case 9, 20 -> FIFO;
      case 11, 17, 23 -> CASES;
      case 14 -> SKIPS;
      default -> MAIN;
    };
  }
}
