package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Pause;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The faults, one after the other, until there were enough and each kind once; and between them, at
 * their time, what users do to their endpoints. Belongs to the run's thread.
 */
final class Course {
  private static final long SHOW_MILLIS = 200;

  private final Options options;
  private final Nemesis nemesis;
  private final RunClock clock;
  private final Consumer<String> show;
  private final Queue<Deed> deeds;
  private volatile boolean over;

  Course(Options options, Nemesis nemesis, Stage stage, RunClock clock, Consumer<String> show) {
    this.options = options;
    this.nemesis = nemesis;
    this.clock = clock;
    this.show = show;
    this.deeds =
        new ArrayDeque<>(
            List.of(
                new Deed(0.25, () -> stage.delete(Role.DOOMED.get(0))),
                new Deed(0.4, () -> stage.disable(Role.TOGGLED)),
                new Deed(0.55, () -> stage.enable(Role.TOGGLED)),
                new Deed(0.7, () -> stage.delete(Role.DOOMED.get(1)))));
  }

  /** Something that is done when a share of the run is over. */
  private record Deed(double share, Runnable action) {}

  /** Returns when the last fault is over and the last deed is done. */
  void play(Supplier<String> counts) throws IOException {
    long began = clock.micros();
    Thread watcher = Thread.ofVirtual().start(() -> watch(began, counts));
    while (share(began) < 1 || !nemesis.hasDoneEach()) {
      nemesis.strike();
    }
    over = true;
    join(watcher);
    deeds.forEach(deed -> deed.action().run());
  }

  /** How much of the run is over, 1 for all. */
  private double share(long began) {
    return options.kills().isPresent()
        ? (double) nemesis.kills() / options.kills().getAsInt()
        : (clock.micros() - began) / (options.duration().toMillis() * 1e3);
  }

  /** Beside the faults, so that endpoints change while nodes are away. */
  private void watch(long began, Supplier<String> counts) {
    while (!over) {
      show.accept(counts.get());
      if (!deeds.isEmpty() && share(began) >= deeds.peek().share()) {
        deeds.remove().action().run();
      }
      Pause.millis(SHOW_MILLIS);
    }
  }

  private static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
