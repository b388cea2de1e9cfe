package dev.posthaste.loadtest.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where a run took place, and of what. */
final class Machine {
  private static final String UNKNOWN = "unknown";

  private Machine() {}

  static JsonObject json() {
    return new JsonObject()
        .put("processor", processor())
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("memoryMebibytes", memory() >> 20)
        .put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"))
        .put("java", System.getProperty("java.runtime.version"));
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  /** The commit of the working folder, with a plus sign if it was changed since. */
  static String commit() {
    String hash = git("rev-parse", "--short=12", "HEAD");
    return hash.equals(UNKNOWN) || git("status", "--porcelain", "-uno").isEmpty()
        ? hash
        : hash + "+";
  }

  private static String git(String... arguments) {
    try {
      String[] command =
          Stream.concat(Stream.of("git"), Stream.of(arguments)).toArray(String[]::new);
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? out.strip() : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }
}
