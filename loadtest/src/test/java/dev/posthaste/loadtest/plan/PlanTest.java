package dev.posthaste.loadtest.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanTest {
  @TempDir private Path folder;

  @Test
  void isReadAsItWasWritten() throws IOException {
    Plan plan =
        new Plan(
            URI.create("http://127.0.0.1:8080"),
            100,
            500,
            7,
            2_000,
            List.of(Leg.warmup(10, 2), Leg.level("50 % of the knee", 12.5, 3)),
            List.of(new Kind("load.0000", "a key", 1, true), new Kind("b", "c", 0.25, false)));
    plan.write(folder.resolve("plan.txt"));

    assertThat(Plan.read(folder.resolve("plan.txt"))).isEqualTo(plan);
  }

  @Test
  void mixesKindsAsTheirWeightsSay() {
    Mix mix = new Mix(List.of(new Kind("often", "", 3, true), new Kind("seldom", "", 1, true)));
    int seldom = 0;
    for (int i = 0; i < 10_000; i++) {
      seldom += mix.kindOf(i);
    }
    assertThat(seldom).isBetween(2_400, 2_600);
  }
}
