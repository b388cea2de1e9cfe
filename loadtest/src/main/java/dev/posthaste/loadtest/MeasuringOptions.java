package dev.posthaste.loadtest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command can be told that measures a server. */
public final class MeasuringOptions {
  @Mixin private PathOptions paths = new PathOptions();

  @Option(
      names = "--server-opts",
      defaultValue = "",
      description = "Options for the server's JVM, separated by spaces.")
  private String serverOptions = "";

  @Option(
      names = "--server-env",
      paramLabel = "NAME=VALUE",
      description = "A setting of the server, such as POSTHASTE_INGEST_FLUSHES_IN_FLIGHT=1.")
  private Map<String, String> serverEnvironment = new TreeMap<>();

  @Option(
      names = "--drain",
      defaultValue = "60",
      description = "Seconds without an arrival until what is missing counts as lost, default 60.")
  private int drain;

  public Path jar() {
    return paths.jar();
  }

  public Path out() {
    return paths.out();
  }

  /** As they were given. */
  public String serverOptions() {
    return serverOptions;
  }

  /** One by one. */
  public List<String> serverOptionList() {
    return words(serverOptions);
  }

  /** Settings of the server, by their names in the environment. */
  public Map<String, String> serverEnvironment() {
    return new TreeMap<>(serverEnvironment);
  }

  /** Seconds. */
  public int drain() {
    return drain;
  }

  /** Options of a JVM one by one. */
  public static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split(" +"));
  }
}
