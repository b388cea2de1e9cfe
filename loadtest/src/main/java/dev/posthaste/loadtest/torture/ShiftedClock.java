package dev.posthaste.loadtest.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** libfaketime, if it is installed: the wall clock of a process is shifted, its timers are not. */
final class ShiftedClock {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final int DEPTH = 4;

  private ShiftedClock() {}

  /** Where it is (Debian: apt-get install libfaketime). */
  static Optional<Path> library() throws IOException {
    try (Stream<Path> files =
        Files.find(
            LIBRARIES, DEPTH, (path, facts) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
      return files.findFirst();
    }
  }

  /** What a process must be started with. */
  static Map<String, String> environment(Path library, int seconds) {
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME",
        "%+ds".formatted(seconds),
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        "DONT_FAKE_MONOTONIC",
        "1");
  }
}
