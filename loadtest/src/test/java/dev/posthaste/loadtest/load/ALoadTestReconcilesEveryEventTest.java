package dev.posthaste.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A burst from end to end at a low rate, with bounds that a busy machine keeps. */
class ALoadTestReconcilesEveryEventTest {
  private static final Path JAR = Path.of("..", "target", "posthaste.jar");
  private static final Path INJECTOR = Path.of("gatling", "target", "injector.jar");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path out;

  @Test
  void every_acknowledged_event_arrives_and_the_run_is_written_down() throws IOException {
    assumeTrue(Files.exists(JAR), "make package builds the server first");
    assumeTrue(Files.exists(INJECTOR), "make test builds the injector first");
    int exit = load("--profile=burst", "--rate=20", "--burst=2", "--warmup=2", "--duration=3");

    // On a busy machine the injector lags, and the run says so.
    assertThat(exit).isIn(0, LoadCommand.VOID);
    List<String> lines = Files.readAllLines(out.resolve("results.jsonl"));
    assertThat(lines).hasSize(1);
    JsonObject line = new JsonObject(lines.getFirst());
    assertThat(line.getInteger("lost")).isZero();
    assertThat(line.getInteger("acknowledged")).isGreaterThanOrEqualTo(20 * 6 + 100 * 2);
    assertThat(line.getJsonArray("legs")).hasSize(3);
    JsonObject burst = line.getJsonArray("legs").getJsonObject(1);
    assertThat(burst.getDouble("requested")).isEqualTo(100);
    assertThat(burst.getJsonObject("arrivedMillis").getDouble("max")).isPositive();
  }

  private int load(String... arguments) {
    return new CommandLine(new LoadCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(
            Stream.concat(
                    Stream.of(
                        "--jar=" + JAR,
                        "--injector=" + INJECTOR,
                        "--out=" + out,
                        "--endpoints=4",
                        "--lag=60000",
                        "--no-html"),
                    Stream.of(arguments))
                .toArray(String[]::new));
  }
}
