package dev.posthaste.loadtest.receiver;

import java.util.ArrayList;
import java.util.List;

/**
 * What a path does over time: {@code /script/ok-15.hang-30.fail-20.delay_500-10.ok} takes all for
 * 15 seconds, lets everything hang for 30, and so on; the last step stays. What hangs or fails was
 * not taken, and must come again.
 */
final class Script {
  static final String PREFIX = "/script/";

  private static final Behaviour OK = new Behaviour(200, 0, 0);
  private static final Behaviour HANG = new Behaviour(504, -1, 0);
  private static final Behaviour FAIL = new Behaviour(500, 0, 0);

  private final List<Step> steps;

  private Script(List<Step> steps) {
    this.steps = steps;
  }

  private record Step(Behaviour behaviour, long untilSeconds) {}

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException if it holds an unknown word
   */
  static Script of(String path) {
    String words = path.substring(PREFIX.length()).split("/", -1)[0];
    List<Step> steps = new ArrayList<>();
    long until = 0;
    for (String word : words.split("\\.", -1)) {
      String[] parts = word.split("-", -1);
      until = parts.length > 1 ? until + Long.parseLong(parts[1]) : Long.MAX_VALUE;
      steps.add(new Step(behaviour(parts[0]), until));
    }
    return new Script(List.copyOf(steps));
  }

  private static Behaviour behaviour(String word) {
    String[] parts = word.split("_", -1);
    return switch (parts[0]) {
      case "ok" -> OK;
      case "hang" -> HANG;
      case "fail" -> FAIL;
      case "delay" -> new Behaviour(200, Integer.parseInt(parts[1]), 0);
      default -> throw new IllegalArgumentException("no such step: " + word);
    };
  }

  /** What it does so many seconds after the run began. */
  Behaviour at(long seconds) {
    return steps.stream()
        .filter(step -> seconds < step.untilSeconds())
        .findFirst()
        .orElse(steps.getLast())
        .behaviour();
  }
}
