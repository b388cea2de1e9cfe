package dev.posthaste.loadtest.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code results.jsonl}: a line of JSON for each run of a profile, oldest first. */
final class ResultFile {
  private final Path file;
  private final JsonObject machine;
  private final String commit;

  ResultFile(Path folder, JsonObject machine, String commit) {
    this.file = folder.resolve("results.jsonl");
    this.machine = machine;
    this.commit = commit;
  }

  /** Appends a line. */
  void append(Profile profile, ProfileResult result, LoadOptions options) throws IOException {
    JsonObject line =
        new JsonObject()
            .put("at", Instant.now().toString())
            .put("profile", profile.code())
            .put("commit", commit)
            .put("machine", machine)
            .mergeIn(result.json())
            .put("settings", options.json());
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(
        file, line.encode() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** The last knee that was found on this machine with batches of that size, in events a second. */
  Optional<Double> lastKnee(int batch) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(JsonObject::new)
          .filter(line -> machine.equals(line.getJsonObject("machine")))
          .filter(line -> line.getDouble("knee", 0.0) > 0)
          .filter(line -> line.getJsonObject("settings").getInteger("batch") == batch)
          .map(line -> line.getDouble("knee"))
          .reduce((first, second) -> second);
    }
  }

  Path path() {
    return file;
  }
}
