package dev.posthaste.loadtest.torture;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** What the nemesis can do. */
enum FaultKind {
  KILL_ONE("kill-one", 4, false),
  KILL_TWO("kill-two", 2, false),
  KILL_ALL("kill-all", 2, false),
  PAUSE("pause", 2, true),
  STOP("stop", 1, false),
  CLOCK("clock", 1, false),
  POSTGRES_KILL("postgres-kill", 2, true),
  POSTGRES_STOP("postgres-stop", 1, true),
  CUT("cut", 1, true),
  SILENCE("silence", 1, true),
  DELAY("delay", 1, true),
  POOL("pool", 1, true),
  DISK("disk", 1, true),
  /** Every node in turn: a scenario of its own, never by chance. */
  ROLLING("rolling", 0, false);

  private final String code;
  private final int weight;
  private final boolean blinding;

  FaultKind(String code, int weight, boolean blinding) {
    this.code = code;
    this.weight = weight;
    this.blinding = blinding;
  }

  /** How it is called on the command line and in reports. */
  String code() {
    return code;
  }

  /** How often it comes up by chance, against the others. */
  int weight() {
    return weight;
  }

  /** Whether a node that lives on may miss meanwhile what changes. */
  boolean isBlinding() {
    return blinding;
  }

  /** Breaks it and mends it; what was started may still be coming up. */
  Strike strike(Scene scene) throws IOException {
    return switch (this) {
      case KILL_ONE -> NodeFaults.kill(scene, 1);
      case KILL_TWO -> NodeFaults.kill(scene, 2);
      case KILL_ALL -> NodeFaults.kill(scene, scene.all().size());
      case PAUSE -> NodeFaults.pause(scene);
      case STOP -> NodeFaults.stop(scene);
      case CLOCK -> NodeFaults.shiftClock(scene);
      case POSTGRES_KILL -> DatabaseFaults.kill(scene);
      case POSTGRES_STOP -> DatabaseFaults.stop(scene);
      case CUT -> LineFaults.cut(scene);
      case SILENCE -> LineFaults.silence(scene);
      case DELAY -> LineFaults.delay(scene);
      case POOL -> DatabaseFaults.exhaust(scene);
      case DISK -> DatabaseFaults.fillDisk(scene);
      case ROLLING -> NodeFaults.roll(scene);
    };
  }

  /**
   * What was done.
   *
   * @param detail in words
   * @param kills processes that were killed with it
   */
  record Strike(String detail, int kills) {}

  @Override
  public String toString() {
    return code;
  }

  /** Those that come up by chance. */
  static List<FaultKind> byChance() {
    return Arrays.stream(values()).filter(kind -> kind.weight > 0).toList();
  }

  /**
   * By its code.
   *
   * @throws IllegalArgumentException if there is none
   */
  static FaultKind of(String code) {
    return Arrays.stream(values())
        .filter(kind -> kind.code.equals(code))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(code + " is none of " + List.of(values())));
  }
}
