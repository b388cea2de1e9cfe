package dev.posthaste.loadtest.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;

/** The server of another commit, built in a working tree that is gone afterwards. */
final class Revision {
  private static final String JAR = "target/posthaste.jar";

  private final String name;
  private final Path tree;
  private final Consumer<String> out;

  private Revision(String name, Path tree, Consumer<String> out) {
    this.name = name;
    this.tree = tree;
    this.out = out;
  }

  /**
   * Where the jar is: the file itself if it is one, else what the commit builds.
   *
   * @param what a jar, or a commit as git knows it
   * @param work gets the jar and, for a while, the working tree
   */
  static Path jar(String what, Path work, Consumer<String> out) throws IOException {
    if (Files.isRegularFile(Path.of(what))) {
      return Path.of(what);
    }
    return new Revision(what, work.resolve("base"), out).build(work.resolve("base.jar"));
  }

  private Path build(Path jar) throws IOException {
    Thread atExit = new Thread(this::remove, "remove working tree");
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      out.accept("Building the server of " + name);
      run(List.of("git", "worktree", "add", "--detach", "--quiet", tree.toString(), name));
      run(List.of("make", "--silent", "--directory=" + tree, "package"));
      return Files.copy(tree.resolve(JAR), jar, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      remove();
      Runtime.getRuntime().removeShutdownHook(atExit);
    }
  }

  private void remove() {
    try {
      run(List.of("git", "worktree", "remove", "--force", tree.toString()));
    } catch (IOException e) {
      out.accept("The working tree of " + name + " is left at " + tree + ": " + e.getMessage());
    }
  }

  private static void run(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // What the make that runs this was told is not for the other one.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("MAKE") || name.equals("MFLAGS"));
    builder.environment().keySet().removeAll(List.of("BASE", "BENCH"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
