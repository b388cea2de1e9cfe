package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.plan.Plan;
import dev.posthaste.loadtest.plan.RunLedger;
import dev.posthaste.loadtest.plan.Schedule;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What injector and receiver wrote down of one run of the injector.
 *
 * @param beganMicros when the plan began
 * @param ledgers one for each run number of the plan, in order
 * @param arrived as the ledgers
 * @param received the receiver's counts, as the ledgers
 */
record Records(
    Plan plan,
    long beganMicros,
    List<RunLedger> ledgers,
    List<Timeline> arrived,
    List<JsonObject> received) {

  /** The ledgers that the injector left in a folder. */
  static List<RunLedger> ledgers(Plan plan, Path folder) throws IOException {
    List<RunLedger> ledgers = new ArrayList<>();
    for (int i = 0; i < plan.runs(); i++) {
      ledgers.add(RunLedger.read(folder.resolve(String.valueOf(plan.firstRun() + i))));
    }
    return ledgers;
  }

  static long began(Path folder) throws IOException {
    return Long.parseLong(Files.readString(folder.resolve("began.txt")).strip());
  }

  Schedule schedule() {
    return new Schedule(plan.legs());
  }

  /** Places of a leg in the lists: its events to healthy endpoints, and those to others. */
  static int[] places(int leg) {
    return new int[] {healthy(leg), troubled(leg)};
  }

  static int healthy(int leg) {
    return 2 * leg;
  }

  static int troubled(int leg) {
    return 2 * leg + 1;
  }
}
