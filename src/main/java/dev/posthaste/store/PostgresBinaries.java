package dev.posthaste.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/** Unpacks the PostgreSQL that is inside this build, once per build. */
final class PostgresBinaries {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);

  private PostgresBinaries() {}

  /** The folder with {@code bin} and {@code lib}, under the given cache. */
  static Path unpack(Path cache) throws IOException {
    return unpack(archiveName(), cache);
  }

  static Path unpack(String archiveName, Path cache) throws IOException {
    URL archive = PostgresBinaries.class.getClassLoader().getResource(archiveName);
    if (archive == null) {
      throw new StartException(
          "This build has no embedded PostgreSQL: set POSTHASTE_DATABASE_URL=postgresql://…");
    }
    Path home = cache.resolve(fingerprint(archive));
    if (!Files.isDirectory(home)) {
      LOG.info("Unpacking PostgreSQL into {}", home);
      Files.createDirectories(cache);
      Path draft = Files.createTempDirectory(cache, ".new-");
      extract(archive, draft);
      publish(draft, home);
    }
    return home;
  }

  private static String archiveName() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return "postgres-"
        + (os.startsWith("mac") ? "darwin" : os)
        + "-"
        + (arch.matches("aarch64|arm64") ? "arm_64" : "x86_64")
        + ".txz";
  }

  /** Tells builds apart without reading the archive: its checksum is in the jar's directory. */
  private static String fingerprint(URL archive) throws IOException {
    URLConnection connection = archive.openConnection();
    long mark =
        connection instanceof JarURLConnection jar
            ? jar.getJarEntry().getCrc()
            : connection.getContentLengthLong();
    return Long.toHexString(mark);
  }

  private static void extract(URL archive, Path target) throws IOException {
    try (InputStream in = new BufferedInputStream(archive.openStream());
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new IOException("the archive points outside: " + entry.getName());
        }
        write(tar, entry, file);
      }
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, file);
      if ((entry.getMode() & 0100) != 0 && !file.toFile().setExecutable(true)) {
        throw new IOException("cannot make executable: " + file);
      }
    }
  }

  /** Whole or not at all: an interrupted start leaves no half of a PostgreSQL under its name. */
  private static void publish(Path draft, Path home) throws IOException {
    try {
      Files.move(draft, home, ATOMIC_MOVE);
    } catch (IOException e) {
      delete(draft);
      if (!Files.isDirectory(home)) {
        throw e;
      }
      // Somebody else with this cache was faster: theirs is the same.
    }
  }

  /** Deletes other builds' and interrupted ones. */
  static void keepOnly(Path home) throws IOException {
    try (Stream<Path> all = Files.list(home.getParent())) {
      for (Path other : all.filter(path -> !path.equals(home)).toList()) {
        delete(other);
      }
    }
  }

  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
