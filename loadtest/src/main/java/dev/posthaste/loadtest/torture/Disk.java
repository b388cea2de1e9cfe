package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Programs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own for PostgreSQL's data, small enough to be filled. Needs root. */
final class Disk implements AutoCloseable {
  private static final long SIZE = 6L << 30;
  private static final long STEP = 1 << 20;

  private final Path mount;

  private Disk(Path mount) {
    this.mount = mount;
    Runtime.getRuntime().addShutdownHook(new Thread(this::release, "unmount"));
  }

  /**
   * Makes and mounts it.
   *
   * @throws IOException if this machine does not let us
   */
  static Disk mount(Path folder) throws IOException {
    Path image = folder.resolve("disk.img");
    Path mount = Files.createDirectories(folder.resolve("disk"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    require(Programs.run("mkfs.ext4", "-q", "-m", "0", image.toString()));
    require(Programs.run("mount", "-o", "loop", image.toString(), mount.toString()));
    return new Disk(mount);
  }

  private static void require(Programs.Result result) throws IOException {
    if (!result.ok()) {
      throw new IOException(result.output());
    }
  }

  Path path() {
    return mount;
  }

  /** Leaves next to nothing free. Space is taken and not written, so it costs no time. */
  void fill() throws IOException {
    for (int file = 0; ; file++) {
      long free = Files.getFileStore(mount).getUsableSpace();
      long size = free > 2 * STEP ? free - STEP : free;
      String name = mount.resolve("filler-" + file).toString();
      if (free == 0
          || !Programs.run("fallocate", "-l", String.valueOf(size), name).ok()
          || size == free) {
        return;
      }
    }
  }

  /** Gives back what was taken. */
  void free() throws IOException {
    try (var files = Files.newDirectoryStream(mount, "filler-*")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() {
    release();
  }

  /** Lazily: whoever still writes to it may end. Harmless when called twice. */
  private void release() {
    try {
      Programs.run("umount", "--lazy", mount.toString());
      Files.deleteIfExists(mount.resolveSibling("disk.img"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
