package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.Progress;
import dev.posthaste.loadtest.server.Pause;
import dev.posthaste.loadtest.torture.check.Check;
import dev.posthaste.loadtest.torture.check.History;
import dev.posthaste.loadtest.torture.check.NoRepeats;
import dev.posthaste.loadtest.torture.check.NothingAfterDelete;
import dev.posthaste.loadtest.torture.check.NothingLost;
import dev.posthaste.loadtest.torture.check.OneAtATime;
import dev.posthaste.loadtest.torture.check.OneIdOneEvent;
import dev.posthaste.loadtest.torture.check.OrderKept;
import dev.posthaste.loadtest.torture.check.RetriesKeepTheirDistance;
import dev.posthaste.loadtest.torture.check.SignaturesHold;
import dev.posthaste.loadtest.torture.check.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run from the first start to the verdict. */
public final class TortureRun {
  private static final long FAULT_MEMORY_MICROS = 20_000_000;
  private static final long CALM_MILLIS = 4_000;

  private final Options options;
  private final RunClock clock = new RunClock();
  private final Progress progress = new Progress();

  TortureRun(Options options) {
    this.options = options;
  }

  /** Plays it, and judges it. */
  Verdict run() throws IOException {
    try (Bed bed = new Bed(options);
        TortureReceiver receiver = new TortureReceiver(Role.ALL, clock);
        TorturePublisher publisher =
            new TorturePublisher(bed.fleet().nodes(), clock, options.rate())) {
      Stage stage = new Stage(bed.fleet(), clock, receiver);
      Nemesis nemesis =
          new Nemesis(
              bed.scene(options.seed()),
              bed.possible(options.faults()),
              publisher.accepted()::size,
              clock,
              options.work().resolve("faults.log"));
      // What a node accepts that could not know of an endpoint yet is not for it.
      Pause.millis(options.hearing().toMillis());
      publisher.start();
      new Course(options, nemesis, stage, clock, this::show)
          .play(() -> counts(publisher, receiver, nemesis));
      calm(bed, stage);
      publisher.stop();
      List<Violation> violations = new ArrayList<>();
      new Quiet(bed, publisher, receiver, clock)
          .await(reason -> show("waiting: " + reason))
          .ifPresent(violations::add);
      receiver.stop();
      progress.end();
      return judge(bed, stage, nemesis, publisher, violations);
    }
  }

  /** All is mended, all nodes are back, events still come: what is deleted now must be heard. */
  private void calm(Bed bed, Stage stage) throws IOException {
    bed.scene(options.seed()).heal();
    show("waiting for all nodes");
    Pause.until(java.time.Duration.ofMinutes(2), bed.fleet()::allReady);
    Pause.millis(CALM_MILLIS);
    stage.delete(Role.DOOMED.getLast());
    Pause.millis(CALM_MILLIS);
  }

  private Verdict judge(
      Bed bed, Stage stage, Nemesis nemesis, TorturePublisher publisher, List<Violation> violations)
      throws IOException {
    History history =
        new History(
            Map.copyOf(publisher.accepted()),
            stage.inflows(nemesis.done(), options.hearingOfChanges()),
            nemesis.done(),
            Takeovers.in(bed.fleet().nodes(), clock));
    ApiDeliveries deliveries = new ApiDeliveries(bed.fleet());
    checks(deliveries).forEach(check -> violations.addAll(check.violations(history)));
    violations.addAll(publisher.statuses().violations());
    if (bed.fleet().deaths() > 0) {
      violations.add(
          new Violation(
              "nodes live on", "", "", bed.fleet().deaths() + " nodes ended by themselves"));
    }
    List<String> notes = new ArrayList<>(bed.missing());
    if (!stage.isOrdered()) {
      notes.add("Order was not checked: this server takes no `ordering` of endpoints.");
    }
    if (!violations.isEmpty()) {
      new Evidence(options.work(), history, deliveries).write(violations);
    }
    return new Verdict(options, history, violations, publisher.statuses(), nemesis.kills(), notes);
  }

  private List<Check> checks(ApiDeliveries deliveries) {
    List<Check> checks =
        new ArrayList<>(
            List.of(
                new NothingLost(deliveries),
                new SignaturesHold(),
                new OneIdOneEvent(),
                new OrderKept(),
                new OneAtATime(deliveries, Contracts.JITTER_PERCENT, FAULT_MEMORY_MICROS),
                new NothingAfterDelete(options.hearingOfChanges()),
                Role.pace(options.nodes()),
                new RetriesKeepTheirDistance(
                    deliveries, Contracts.JITTER_PERCENT, FAULT_MEMORY_MICROS)));
    if (options.isRolling()) {
      checks.add(new NoRepeats(deliveries));
    }
    return checks;
  }

  private String counts(TorturePublisher publisher, TortureReceiver receiver, Nemesis nemesis) {
    return "%,d accepted, %,d attempts arrived, %d open, %d faults, %d kills, now: %s"
        .formatted(
            publisher.accepted().size(),
            receiver.arrivals(),
            publisher.open(),
            nemesis.done().size(),
            nemesis.kills(),
            nemesis.doing());
  }

  private void show(String text) {
    progress.show("%4d s  %s".formatted(clock.micros() / 1_000_000, text));
  }
}
