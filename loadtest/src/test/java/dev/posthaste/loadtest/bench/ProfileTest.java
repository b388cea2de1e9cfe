package dev.posthaste.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfileTest {
  @Test
  void theHeaviestComeFirst() {
    Profile.Tops tops = new Profile.Tops();
    tops.add("light", 1);
    tops.add("heavy", 2);
    tops.add("heavy", 5);
    tops.add("middle", 2);

    assertThat(tops.text("Title", 2)).contains("  70.0 %  heavy", "  20.0 %  middle");
    assertThat(tops.text("Title", 2)).doesNotContain("light");
  }

  @Test
  void namesWhoAllocatedWhat(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("own.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ObjectAllocationSample").with("throttle", "1000/s");
      recording.start();
      long sum = 0;
      for (int i = 0; i < 10_000; i++) {
        sum += allocate(i).length;
      }
      recording.stop();
      recording.dump(file);
      assertThat(sum).isPositive();
    }

    assertThat(Profile.read(file).text(50)).contains("ProfileTest.allocate").contains("[B");
  }

  private static byte[] allocate(int i) {
    return new byte[10_000 + i];
  }
}
