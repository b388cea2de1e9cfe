package dev.posthaste.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The file that ships is the single source of defaults, and complete. */
class DefaultsTest {
  private static final Path SHIPPED = Path.of("conf/posthaste.yaml");
  private final Settings defaults = SettingsReader.defaults();

  @Test
  void everyRecordComponentIsAKeyOfTheFileAndTheOtherWayRound() throws IOException {
    List<String> components =
        Arrays.stream(Settings.class.getRecordComponents())
            .flatMap(section -> keys(section.getName(), section.getType()))
            .toList();
    Map<String, JsonNode> keys = YamlFile.leaves(YamlFile.parse(Files.readAllBytes(SHIPPED)));
    assertThat(keys.keySet()).containsExactlyElementsOf(components);
  }

  private static Stream<String> keys(String section, Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map((RecordComponent component) -> section + "." + Description.key(component));
  }

  @Test
  void everyKeyOfTheFileHasACommentAboveIt() throws IOException {
    List<String> lines = Files.readAllLines(SHIPPED);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).matches("  [a-zA-Z]+:.*")) {
        assertThat(lines.get(i - 1)).as("above " + lines.get(i)).startsWith("  #");
      }
    }
  }

  @Test
  void numbersDurationsAndSizesAreWhatTheFileSays() {
    assertThat(defaults.http().port()).isEqualTo(8080);
    assertThat(defaults.http().eventLoopsOrCores()).isPositive();
    assertThat(defaults.delivery().maxInFlight()).isEqualTo(4096);
    assertThat(defaults.delivery().outcomeFlushWait()).isEqualTo(Duration.ofMillis(8));
    assertThat(defaults.delivery().keptResponseBytes()).isEqualTo(16 * 1024);
    assertThat(defaults.ingest().maxBodyBytes()).isEqualTo(4 * 1024 * 1024);
    assertThat(defaults.ingest().idempotencyWindow()).isEqualTo(Duration.ofHours(24));
    assertThat(defaults.logging().format()).isEqualTo(LoggingSettings.Format.TEXT);
  }

  @Test
  void aFreshInstallationIsEmbeddedAndRefusesPrivateAndPlainTargets() {
    assertThat(defaults.database().url()).isEmpty();
    assertThat(defaults.operator().key()).isEmpty();
    assertThat(defaults.encryption().keys()).isEmpty();
    assertThat(defaults.targets().allow()).isEmpty();
    assertThat(defaults.targets().http()).isFalse();
  }

  @Test
  void theDescriptionReadsBackAsTheFile() {
    assertThat(defaults.describe())
        .contains(
            "http: host=0.0.0.0 port=8080 managementPort=0 eventLoops=0 maxHeaderSize=16KiB idleTimeout=1m publicUrl=(none) readyGrace=0s")
        .contains("database: url=(none) poolSize=8")
        .contains("ingest: maxPayload=256KiB maxBody=4MiB")
        .contains("logging: level=info format=text");
  }
}
