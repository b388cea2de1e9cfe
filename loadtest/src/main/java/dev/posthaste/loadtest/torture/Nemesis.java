package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Pause;
import dev.posthaste.loadtest.torture.FaultKind.Strike;
import dev.posthaste.loadtest.torture.check.FaultSpan;
import dev.posthaste.loadtest.torture.check.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Does one fault after the other, chosen by a seed, with a pause between them that is often too
 * short for the one before to be over. Belongs to the run's thread; its list may be read by all.
 */
final class Nemesis {
  private static final int SHORTEST_PAUSE = 300;
  private static final int LONGEST_PAUSE = 3_500;

  /** After so many faults in a row that let no event in, the next one waits until one came in. */
  private static final int BARREN_FAULTS = 3;

  private static final Duration LONGEST_BREATH = Duration.ofMinutes(1);

  private final Scene scene;
  private final List<FaultKind> kinds;
  private final IntSupplier accepted;
  private final RunClock clock;
  private final Path log;
  private final List<FaultKind> deck = new ArrayList<>();
  private final List<FaultSpan> done = new CopyOnWriteArrayList<>();
  private final AtomicInteger kills = new AtomicInteger();
  private volatile String doing = "nothing yet";
  private int barren;
  private int acceptedBefore;

  /**
   * @param accepted how many events were, so far
   * @param log gets a line per fault, with its time
   */
  Nemesis(Scene scene, List<FaultKind> kinds, IntSupplier accepted, RunClock clock, Path log) {
    this.scene = scene;
    this.kinds = List.copyOf(kinds);
    this.accepted = accepted;
    this.clock = clock;
    this.log = log;
  }

  List<FaultSpan> done() {
    return done;
  }

  /** Whether each kind has had its turn. */
  boolean hasDoneEach() {
    return done.stream().map(FaultSpan::kind).distinct().count() == kinds.size();
  }

  /** Processes killed so far. */
  int kills() {
    return kills.get();
  }

  /** What is being done, in a word. */
  String doing() {
    return doing;
  }

  /** One fault, and the pause after it. */
  void strike() throws IOException {
    breathe();
    FaultKind kind = draw();
    doing = kind.code();
    long began = clock.micros();
    Instant at = Instant.now();
    Strike strike = kind.strike(scene);
    kills.addAndGet(strike.kills());
    Span span = new Span(began, clock.micros());
    done.add(new FaultSpan(kind.code(), strike.detail(), span, kind.isBlinding()));
    Files.writeString(
        log,
        "%s %9.3f s to %9.3f s  %s: %s%n"
            .formatted(
                at, span.fromMicros() / 1e6, span.toMicros() / 1e6, kind.code(), strike.detail()),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    doing = "a pause after " + kind.code();
    scene.hold(SHORTEST_PAUSE, LONGEST_PAUSE);
  }

  /** On a busy machine, nodes that are killed while they start would prove nothing. */
  private void breathe() {
    barren = accepted.getAsInt() == acceptedBefore ? barren + 1 : 0;
    if (barren >= BARREN_FAULTS) {
      doing = "waiting for an event to be accepted";
      Pause.until(LONGEST_BREATH, () -> accepted.getAsInt() > acceptedBefore);
      barren = 0;
    }
    acceptedBefore = accepted.getAsInt();
  }

  /** From shuffled decks: the first one has each kind once, the others have them by weight. */
  private FaultKind draw() {
    if (deck.isEmpty()) {
      for (FaultKind kind : kinds) {
        deck.addAll(Collections.nCopies(done.isEmpty() ? 1 : Math.max(1, kind.weight()), kind));
      }
      Collections.shuffle(deck, scene.random());
    }
    return deck.removeLast();
  }
}
