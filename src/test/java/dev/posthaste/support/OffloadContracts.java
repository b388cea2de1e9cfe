package dev.posthaste.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The contract that the README shows: the body of offload, signed and tried again. */
public final class OffloadContracts {
  private static final String BEGIN = "```yaml\n# offload-signed.yaml\n";
  private static final String SIGNS = "alsoStandardHeaders: true";
  private static final String SCHEDULE = "schedule: [30s, 5m, 1h]";

  private OffloadContracts() {}

  /** Writes it to a folder as an operator would, with other waits. */
  public static void write(Path folder, String name, String schedule) {
    write(folder, name, schedule, SIGNS);
  }

  /** The same without signatures. */
  public static void writeUnsigned(Path folder, String name, String schedule) {
    write(folder, name, schedule, SIGNS.replace("true", "false"));
  }

  private static void write(Path folder, String name, String schedule, String signs) {
    try {
      String readme = Files.readString(Path.of("README.md"));
      int begin = readme.indexOf(BEGIN) + BEGIN.length();
      String shown = readme.substring(begin, readme.indexOf("```", begin));
      if (!shown.contains(SCHEDULE) || !shown.contains(SIGNS)) {
        throw new AssertionError("the README shows another contract:\n" + shown);
      }
      Files.writeString(
          Files.createDirectories(folder).resolve(name + ".yaml"),
          shown
              .replace(SCHEDULE, "jitterPercent: 0\n  schedule: " + schedule)
              .replace(SIGNS, signs));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
