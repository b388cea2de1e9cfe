package dev.posthaste.loadtest.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The standard contract with waits that a run can await. */
final class Contracts {
  /** Fails for good within a second. */
  static final String SHORT = "torture-short";

  /** Begins with retries that wait in memory. */
  static final String INLINE = "torture-inline";

  static final int JITTER_PERCENT = 20;

  /** Milliseconds; so many that nothing fails for good that is taken in the end. */
  static final List<Long> WAITS =
      List.of(300L, 500L, 1_000L, 2_000L, 2_000L, 3_000L, 3_000L, 3_000L, 3_000L, 3_000L);

  private static final String STANDARD = "standard";

  /** Milliseconds, spent in memory; the contract goes on like the standard one. */
  private static final List<Long> INLINE_WAITS = List.of(100L, 200L);

  private static final List<Long> SHORT_WAITS = List.of(200L, 400L);

  private Contracts() {}

  /** Milliseconds between the attempts of a contract; of the standard one for all others. */
  static List<Long> waits(String contract) {
    return switch (contract) {
      case SHORT -> SHORT_WAITS;
      case INLINE -> Stream.concat(INLINE_WAITS.stream(), WAITS.stream()).toList();
      default -> WAITS;
    };
  }

  /** Writes them into a folder for {@code POSTHASTE_CONTRACTS_DIR}. */
  static void write(Path jar, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (JarFile file = new JarFile(jar.toFile())) {
      String standard =
          new String(
              file.getInputStream(file.getEntry("conf/contracts/" + STANDARD + ".yaml"))
                  .readAllBytes(),
              java.nio.charset.StandardCharsets.UTF_8);
      Files.writeString(file(folder, STANDARD), quicken(standard, List.of(), WAITS));
      Files.writeString(file(folder, SHORT), quicken(standard, List.of(), SHORT_WAITS));
      Files.writeString(file(folder, INLINE), quicken(standard, INLINE_WAITS, WAITS));
    }
  }

  private static Path file(Path folder, String contract) {
    return folder.resolve(contract + ".yaml");
  }

  private static String quicken(String contract, List<Long> inline, List<Long> waits) {
    Map<String, String> changes =
        Map.of(
            "(?m)^  inline: .*$", "  inline: " + yaml(inline),
            "(?m)^  schedule: .*$", "  schedule: " + yaml(waits),
            "(?m)^  jitterPercent: .*$", "  jitterPercent: " + JITTER_PERCENT,
            "(?m)^timeout: .*$", "timeout: 2s",
            "(?ms)^disable:.*?(?=^#|^\\S)", "disable: never\n\n");
    String quick = contract;
    for (Map.Entry<String, String> change : changes.entrySet()) {
      Matcher place = Pattern.compile(change.getKey()).matcher(quick);
      if (!place.find()) {
        throw new IllegalStateException("the standard contract has no " + change.getKey());
      }
      quick = place.replaceAll(change.getValue());
    }
    return quick;
  }

  private static String yaml(List<Long> waits) {
    return waits.stream().map(wait -> wait + "ms").collect(Collectors.joining(", ", "[", "]"));
  }
}
