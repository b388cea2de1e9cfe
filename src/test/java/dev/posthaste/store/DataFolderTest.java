package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path temp;

  @Test
  void isForTheOwnerOnly() throws IOException {
    try (DataFolder folder = DataFolder.open(temp.resolve("a/data"))) {
      folder.readOrCreate("key", () -> "s3cret");
      assertThat(mode(folder.path())).isEqualTo("rwx------");
      assertThat(mode(folder.path().resolve("key"))).isEqualTo("rw-------");
    }
  }

  @Test
  void aFolderWithThingsInItKeepsItsMode() throws IOException {
    Path shared = Files.createDirectory(temp.resolve("shared"));
    Files.createFile(shared.resolve("of somebody else"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    DataFolder.open(shared).close();
    assertThat(mode(shared)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void keepsASecretAndMakesItOnce() {
    try (DataFolder folder = DataFolder.open(temp)) {
      assertThat(folder.read("key")).isEmpty();
      assertThat(folder.readOrCreate("key", () -> "first")).isEqualTo("first");
    }
    try (DataFolder folder = DataFolder.open(temp)) {
      assertThat(folder.readOrCreate("key", () -> "second")).isEqualTo("first");
      assertThat(folder.read("key")).contains("first");
    }
  }

  @Test
  void aSecondOpenSaysWhoUsesItAndLeavesTheLockInPlace() {
    try (DataFolder folder = DataFolder.open(temp)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> DataFolder.open(temp))
            .isInstanceOf(StartException.class)
            .hasMessageContaining("The data folder " + folder.path() + " is in use by process ")
            .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
      }
    }
    DataFolder.open(temp).close();
  }

  @Test
  void whatIsNoFolderIsNamed() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> DataFolder.open(file))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("Cannot use the data folder " + file);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
