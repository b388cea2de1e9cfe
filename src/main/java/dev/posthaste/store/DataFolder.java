package dev.posthaste.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one running server: the embedded PostgreSQL and generated secrets. Made with mode
 * 0700 and locked for as long as it is open, so that no two processes use it. Thread-safe.
 */
public final class DataFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
  private static final int PID_DIGITS = 20;

  /**
   * Opened by this process. Asked before the lock file is touched: closing any descriptor of a
   * POSIX lock file releases the lock of the whole process.
   */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lockFile;

  private DataFolder(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes the folder if it is not there and locks it.
   *
   * @throws StartException if another process uses it (its pid is in the message), or if it cannot
   *     be made or written
   */
  public static DataFolder open(Path folder) {
    try {
      boolean isNew = isNewOrEmpty(folder);
      Files.createDirectories(folder);
      Path path = folder.toRealPath();
      keepOthersOut(path, isNew);
      if (!OPEN.add(path)) {
        throw inUse(path, Long.toString(ProcessHandle.current().pid()));
      }
      return lock(path);
    } catch (IOException e) {
      throw new StartException("Cannot use the data folder " + folder.toAbsolutePath(), e);
    }
  }

  private static boolean isNewOrEmpty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return true;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  private static void keepOthersOut(Path path, boolean isNew) {
    Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
    try {
      if (isNew) {
        Files.setPosixFilePermissions(path, ownerOnly);
      } else if (!ownerOnly.containsAll(Files.getPosixFilePermissions(path))) {
        // Not ours to change: somebody may have named /tmp. What is secret has modes of its own.
        LOG.warn("Other users may look into the data folder: chmod 700 {}", path);
      }
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("The data folder {} keeps its mode, 0700 cannot be set: {}", path, e.toString());
    }
  }

  private static DataFolder lock(Path path) throws IOException {
    FileChannel file = null;
    try {
      file = FileChannel.open(path.resolve("lock"), Set.of(CREATE, READ, WRITE), ownerOnly());
      if (file.tryLock() == null) {
        throw inUse(path, read(file));
      }
      file.truncate(0);
      file.write(UTF_8.encode(Long.toString(ProcessHandle.current().pid())), 0);
      return new DataFolder(path, file);
    } catch (IOException | RuntimeException e) {
      OPEN.remove(path);
      if (file != null) {
        file.close();
      }
      throw e;
    }
  }

  private static StartException inUse(Path path, String pid) {
    return new StartException(
        "The data folder "
            + path
            + " is in use by process "
            + pid
            + ": stop that one first, or set POSTHASTE_DATA_DIR to another folder");
  }

  private static String read(FileChannel file) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(PID_DIGITS);
    file.read(text, 0);
    return UTF_8.decode(text.flip()).toString();
  }

  /** The folder, absolute, without links. */
  public Path path() {
    return path;
  }

  /** A secret kept here, or nothing. */
  public synchronized Optional<String> read(String name) {
    Path file = path.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    } catch (IOException e) {
      throw new StartException("Cannot read " + file, e);
    }
  }

  /**
   * A secret kept here; made and kept (one line, mode 0600, all or nothing) if it is not there yet.
   *
   * @param name of the file
   * @param create asked only if there is none: whoever shows a new secret once can do it there
   */
  public synchronized String readOrCreate(String name, Supplier<String> create) {
    return read(name).orElseGet(() -> keep(name, create.get()));
  }

  private String keep(String name, String secret) {
    Path file = path.resolve(name);
    Path draft = path.resolve(name + ".new");
    try {
      Files.deleteIfExists(draft);
      try (FileChannel out = FileChannel.open(draft, Set.of(CREATE_NEW, WRITE), ownerOnly())) {
        out.write(UTF_8.encode(secret + "\n"));
        out.force(true);
      }
      move(draft, file);
      return secret;
    } catch (IOException e) {
      throw new StartException("Cannot write " + file, e);
    }
  }

  /** Renames within this folder so that the new name survives a power failure. */
  void move(Path from, Path to) throws IOException {
    Files.move(from, to, ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(path, READ)) {
      directory.force(true);
    }
  }

  private static FileAttribute<?> ownerOnly() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  }

  /** Gives the folder free. Idempotent. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      LOG.warn("The lock of {} was not closed: {}", path, e.toString());
    } finally {
      OPEN.remove(path);
    }
  }
}
