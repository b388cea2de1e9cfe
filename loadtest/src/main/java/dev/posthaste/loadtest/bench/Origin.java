package dev.posthaste.loadtest.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where, when and of what numbers are.
 *
 * @param commit of the working tree, with a word if it has changes; empty without git
 * @param command that made them
 */
record Origin(Instant at, String commit, String command, String processor, long memoryMebibytes) {

  static Origin of(List<String> arguments) throws IOException {
    return new Origin(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        headOfTree(),
        String.join(" ", arguments),
        field("/proc/cpuinfo", "model name"),
        Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1024);
  }

  private static String headOfTree() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty=+changes", "--abbrev=40")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String field(String file, String name) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("0");
    }
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static String system() {
    return System.getProperty("os.name") + " " + System.getProperty("os.version");
  }

  private static String java() {
    return System.getProperty("java.vm.version");
  }

  JsonObject json() {
    return new JsonObject()
        .put("at", at.toString())
        .put("commit", commit)
        .put("command", command)
        .put(
            "machine",
            new JsonObject()
                .put("cores", cores())
                .put("processor", processor)
                .put("memoryMiB", memoryMebibytes)
                .put("os", system())
                .put("java", java()));
  }

  /** A line for people. */
  String line() {
    return "%s, commit %s, %d cores of %s that everything shares, %,d MiB, %s, Java %s"
        .formatted(
            at,
            commit.isEmpty() ? "unknown" : commit,
            cores(),
            processor,
            memoryMebibytes,
            system(),
            java());
  }
}
