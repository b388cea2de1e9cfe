package dev.posthaste.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The {@code postmaster.pid} that a PostgreSQL left in its data: of a server that outlived a killed
 * JVM, or of none any more.
 */
final class PostmasterFile {
  private final Path data;
  private final Path file;

  PostmasterFile(Path data) {
    this.data = data;
    this.file = data.resolve("postmaster.pid");
  }

  /** The server that runs on this data. */
  Optional<ProcessHandle> server() throws IOException {
    return pid().flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive).filter(this::isOurs);
  }

  /**
   * Makes a file without a server harmless. PostgreSQL itself removes one of a dead process, and
   * only it can tell from the rest of the file whether orphaned backends still write: so the file
   * stays. But when the number now belongs to a stranger it would refuse to start; our own number
   * in its place, the one of its parent, it knows as stale.
   */
  void disarm() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    if (pid().isEmpty()) {
      // Cut off while it was made: that server never ran.
      Files.delete(file);
    } else if (ProcessHandle.of(pid().get()).isPresent()) {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      lines.set(0, Long.toString(ProcessHandle.current().pid()));
      Path draft = Files.write(data.resolve("postmaster.pid.new"), lines);
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
      Files.move(draft, file, ATOMIC_MOVE);
    }
  }

  private Optional<Long> pid() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    return lines.isEmpty() || !lines.getFirst().strip().matches("[1-9][0-9]{0,17}")
        ? Optional.empty()
        : Optional.of(Long.valueOf(lines.getFirst().strip()));
  }

  private boolean isOurs(ProcessHandle process) {
    ProcessHandle.Info info = process.info();
    boolean isPostgres =
        info.command().map(path -> Path.of(path).endsWith("postgres")).orElse(false);
    return isPostgres
        && info.arguments()
            .map(arguments -> Arrays.asList(arguments).contains(data.toString()))
            .orElse(true);
  }
}
