package dev.posthaste.loadtest.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.posthaste.loadtest.torture.check.FaultSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Short runs of the crash checker on two nodes. */
class ACrashLosesNothingTest {
  private static final Path JAR = Path.of("..", "target", "posthaste.jar");
  private static final List<FaultKind> KINDS =
      List.of(
          FaultKind.KILL_ONE,
          FaultKind.KILL_ALL,
          FaultKind.PAUSE,
          FaultKind.POSTGRES_KILL,
          FaultKind.CUT,
          FaultKind.STOP);
  private static final Path STOPWATCH = Path.of("/proc/self/stat");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path work;

  @Test
  void everything_holds_over_kills_of_nodes_and_database_cuts_and_pauses() throws IOException {
    Verdict verdict = verdictOf(KINDS);
    assertThat(verdict.history().accepted()).hasSizeGreaterThan(200);
    assertThat(verdict.history().faults())
        .extracting(FaultSpan::kind)
        .containsAll(KINDS.stream().map(FaultKind::code).toList());
    assertThat(verdict.kills()).isGreaterThanOrEqualTo(4);
    assertThat(verdict.history().takeovers()).as("a pause outlasts the lease").isNotEmpty();
  }

  /** After clean stops nothing may come twice either. */
  @Test
  void a_rolling_restart_of_all_nodes_loses_nothing_and_repeats_nothing() throws IOException {
    Verdict verdict = verdictOf(List.of(FaultKind.ROLLING));
    assertThat(verdict.history().accepted()).hasSizeGreaterThan(200);
    assertThat(verdict.history().faults())
        .isNotEmpty()
        .allSatisfy(
            roll ->
                assertThat(roll.detail())
                    .contains("node 0 left", "node 1 left")
                    .doesNotContain("KILLED"));
    assertThat(verdict.kills()).isZero();
  }

  private Verdict verdictOf(List<FaultKind> kinds) throws IOException {
    assumeTrue(Files.exists(JAR), "make package builds the server first");
    assumeTrue(Files.exists(STOPWATCH), "the checker needs Linux");
    Options options =
        new Options(
            JAR,
            work,
            2,
            40,
            Duration.ofSeconds(12),
            OptionalInt.empty(),
            3,
            kinds,
            Duration.ofSeconds(2));
    Verdict verdict = new TortureRun(options).run();
    assertThat(verdict.holds()).as(verdict.table()).isTrue();
    return verdict;
  }
}
