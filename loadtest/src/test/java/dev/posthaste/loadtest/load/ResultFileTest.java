package dev.posthaste.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ResultFileTest {
  private static final JsonObject HERE = new JsonObject().put("cores", 2);

  @TempDir private Path folder;

  @Test
  void keepsALineForEachRun() throws IOException {
    ResultFile file = new ResultFile(folder, HERE, "abc");
    file.append(Profile.KNEE, result(new Knee(2_000, "slow")), options("--batch", "100"));
    file.append(Profile.BURST, result(Optional.empty()), options());

    List<String> lines = Files.readAllLines(file.path());
    assertThat(lines).hasSize(2);
    JsonObject first = new JsonObject(lines.getFirst());
    assertThat(first.getString("profile")).isEqualTo("knee");
    assertThat(first.getString("commit")).isEqualTo("abc");
    assertThat(first.getDouble("knee")).isEqualTo(2_000);
    assertThat(first.getInteger("lost")).isEqualTo(1);
    assertThat(first.getInteger("duplicates")).isEqualTo(2);
    assertThat(first.getString("void")).isNull();
    assertThat(first.getDouble("takenByOthers")).isEqualTo(0.25);
    assertThat(first.getJsonObject("settings").getInteger("batch")).isEqualTo(100);
    assertThat(first.getJsonArray("legs").getJsonObject(0).getJsonObject("answeredMillis"))
        .isEqualTo(Legs.good(1).times().answered().json());
  }

  @Test
  void knowsTheLastKneeOfThisMachineAndBatch() throws IOException {
    ResultFile file = new ResultFile(folder, HERE, "abc");
    assertThat(file.lastKnee(1)).isEmpty();
    file.append(Profile.KNEE, result(new Knee(1_000, "")), options());
    file.append(Profile.KNEE, result(new Knee(1_500, "")), options());
    file.append(Profile.KNEE, result(new Knee(9_000, "")), options("--batch", "100"));
    new ResultFile(folder, new JsonObject().put("cores", 64), "abc")
        .append(Profile.KNEE, result(new Knee(90_000, "")), options());

    assertThat(file.lastKnee(1)).hasValue(1_500.0);
    assertThat(file.lastKnee(10)).isEmpty();
  }

  @Test
  void neverHoldsTheKey() {
    assertThat(options("--url", "http://there", "--key", "secret").json().encode())
        .contains("http://there")
        .doesNotContain("secret");
  }

  private static ProfileResult result(Knee knee) {
    return result(Optional.of(knee));
  }

  private static ProfileResult result(Optional<Knee> knee) {
    return new ProfileResult(
        List.of(Legs.good(1)),
        new Reconciliation(10, List.of("evt_x"), 2, 0),
        Optional.empty(),
        true,
        List.of(),
        OptionalDouble.of(0.25),
        knee);
  }

  private static LoadOptions options(String... arguments) {
    LoadOptions options = new LoadOptions();
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return options;
  }
}
