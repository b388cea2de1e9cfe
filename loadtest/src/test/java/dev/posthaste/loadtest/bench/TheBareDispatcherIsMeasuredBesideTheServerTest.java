package dev.posthaste.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TheBareDispatcherIsMeasuredBesideTheServerTest {
  private static final Path JAR = Path.of("..", "target", "posthaste.jar");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path out;

  @Test
  void bothDeliverAllThatTheyAccepted() throws IOException {
    assumeTrue(ProcFs.isHere(), "the benchmark needs Linux");
    assumeTrue(Files.exists(JAR), "make package builds the server first");

    int exit = bench("--scenarios=steady", "--repeats=1", "--warmup=1", "--duration=2");

    assertThat(exit).isZero();
    JsonObject builds =
        new JsonObject(Files.readString(out.resolve("bench.json"))).getJsonObject("builds");
    assertThat(builds.fieldNames()).containsExactly("bare", "this");
    for (String name : builds.fieldNames()) {
      JsonObject median =
          builds
              .getJsonObject(name)
              .getJsonObject("scenarios")
              .getJsonObject("steady")
              .getJsonObject("median");
      assertThat(median.getDouble(Metric.DELIVERED.code())).isPositive();
      assertThat(median.getDouble(Metric.LOST.code())).isZero();
    }
  }

  @Test
  void whatItCannotDoIsRefused() throws IOException {
    assumeTrue(ProcFs.isHere(), "the benchmark needs Linux");
    StringWriter errors = new StringWriter();

    int exit =
        command()
            .setErr(new PrintWriter(errors))
            .execute("--base=bare", "--scenarios=isolation", "--out=" + out);

    assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains("--base bare cannot do isolation");
    try (Stream<Path> left = Files.list(out)) {
      assertThat(left).isEmpty();
    }
  }

  private int bench(String... arguments) {
    return command()
        .execute(
            Stream.concat(
                    Stream.of("--base=bare", "--jar=" + JAR, "--out=" + out), Stream.of(arguments))
                .toArray(String[]::new));
  }

  private static CommandLine command() {
    return new CommandLine(new BenchCommand()).setCaseInsensitiveEnumValuesAllowed(true);
  }
}
