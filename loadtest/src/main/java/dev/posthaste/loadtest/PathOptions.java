package dev.posthaste.loadtest;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the server is and where results go, of every command that starts one. */
public final class PathOptions {
  @Option(names = "--jar", defaultValue = "target/posthaste.jar", description = "The server.")
  private Path jar = Path.of("");

  @Option(names = "--out", defaultValue = "loadtest/target", description = "Folder for results.")
  private Path out = Path.of("");

  public Path jar() {
    return jar;
  }

  public Path out() {
    return out;
  }
}
