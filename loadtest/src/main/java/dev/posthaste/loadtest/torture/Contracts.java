package dev.posthaste.loadtest.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** The standard contract with waits that a run can await: a long schedule and a short one. */
final class Contracts {
  /** Fails for good within a second. */
  static final String SHORT = "torture-short";

  static final int JITTER_PERCENT = 20;

  /** Milliseconds; so many that nothing fails for good that is taken in the end. */
  static final List<Long> WAITS =
      List.of(300L, 500L, 1_000L, 2_000L, 2_000L, 3_000L, 3_000L, 3_000L, 3_000L, 3_000L);

  static final List<Long> SHORT_WAITS = List.of(200L, 400L);

  private Contracts() {}

  /** Writes them into a folder for {@code POSTHASTE_CONTRACTS_DIR}; standard takes the long one. */
  static void write(Path jar, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (JarFile file = new JarFile(jar.toFile())) {
      String standard =
          new String(
              file.getInputStream(file.getEntry("conf/contracts/standard.yaml")).readAllBytes(),
              java.nio.charset.StandardCharsets.UTF_8);
      Files.writeString(folder.resolve("standard.yaml"), quicken(standard, WAITS));
      Files.writeString(folder.resolve(SHORT + ".yaml"), quicken(standard, SHORT_WAITS));
    }
  }

  private static String quicken(String contract, List<Long> waits) {
    String schedule = waits.stream().map(wait -> wait + "ms").collect(Collectors.joining(", "));
    return contract
        .replaceAll("(?m)^  schedule: .*$", "  schedule: [" + schedule + "]")
        .replaceAll("(?m)^  jitterPercent: .*$", "  jitterPercent: " + JITTER_PERCENT)
        .replaceAll("(?m)^timeout: .*$", "timeout: 2s")
        .replaceAll("(?ms)^disable:.*?(?=^#|^\\S)", "disable: never\n\n");
  }
}
