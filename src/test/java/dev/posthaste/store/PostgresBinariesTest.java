package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {
  @TempDir Path temp;

  @Test
  void areUnpackedOnce() throws IOException {
    Path home = PostgresBinaries.unpack(temp);
    Path program = home.resolve("bin/postgres");
    assertThat(program).isExecutable();
    FileTime early = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(program, early);
    assertThat(PostgresBinaries.unpack(temp)).isEqualTo(home);
    assertThat(Files.getLastModifiedTime(program)).isEqualTo(early);
    Files.createFile(Files.createDirectory(temp.resolve("older")).resolve("postgres"));
    PostgresBinaries.keepOnly(home);
    assertThat(temp).isDirectoryNotContaining(path -> !path.equals(home));
  }

  @Test
  void aBuildWithoutThemSaysWhatToSet() {
    assertThatThrownBy(() -> PostgresBinaries.unpack("postgres-none.txz", temp))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "This build has no embedded PostgreSQL: set POSTHASTE_DATABASE_URL=postgresql://…");
  }
}
