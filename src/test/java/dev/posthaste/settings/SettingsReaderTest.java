package dev.posthaste.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers, names, and every fault at once. */
class SettingsReaderTest {
  @TempDir Path folder;

  @Test
  void theEnvironmentOverridesTheFileWhichOverridesTheDefaults() throws IOException {
    Path file = file("http:\n  port: 9000\n  host: 127.0.0.1\n");
    Settings settings =
        SettingsReader.read(Optional.of(file), Map.of("POSTHASTE_HTTP_PORT", "9001"));
    assertThat(settings.http().port()).isEqualTo(9001);
    assertThat(settings.http().host()).isEqualTo("127.0.0.1");
    assertThat(settings.http().idleTimeout()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void aVariableIsThePathInCapitals() {
    assertThat(VariableNames.nameOf("delivery.maxInFlightPerEndpoint"))
        .isEqualTo("POSTHASTE_DELIVERY_MAX_IN_FLIGHT_PER_ENDPOINT");
    assertThat(VariableNames.nameOf("targets.caFiles")).isEqualTo("POSTHASTE_TARGETS_CA_FILES");
    assertThat(read("POSTHASTE_DELIVERY_MAX_IN_FLIGHT", "77").delivery().maxInFlight())
        .isEqualTo(77);
    assertThat(read("POSTHASTE_DATA_DIR", "/srv/ph").data().dir()).isEqualTo(Path.of("/srv/ph"));
  }

  @Test
  void theFileMayBeNamedByTheEnvironment() throws IOException {
    Path file = file("registry:\n  pollInterval: 3s\n");
    Settings settings = read("POSTHASTE_CONFIG", file.toString());
    assertThat(settings.registry().pollInterval()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void listsAreYamlListsOrSeparatedByCommas() throws IOException {
    Path file = file("targets:\n  allow:\n    - 10.0.0.0/8\n    - fd00::/8\n");
    Settings fromFile = SettingsReader.read(Optional.of(file), Map.of());
    assertThat(fromFile.targets().allow()).containsExactly("10.0.0.0/8", "fd00::/8");
    assertThat(read("POSTHASTE_TARGETS_ALLOW", "127.0.0.0/8, ::1/128").targets().allow())
        .containsExactly("127.0.0.0/8", "::1/128");
  }

  @Test
  void emptyFilesSectionsAndVariablesChangeNothing() throws IOException {
    Settings defaults = SettingsReader.defaults();
    assertThat(SettingsReader.read(Optional.of(file("")), Map.of())).isEqualTo(defaults);
    assertThat(SettingsReader.read(Optional.of(file("http:\n")), Map.of())).isEqualTo(defaults);
    assertThat(read("POSTHASTE_HTTP_PORT", "")).isEqualTo(defaults);
  }

  @Test
  void allFaultsAreReportedAtOnce() throws IOException {
    Path file =
        file(
            """
            http: {port: 70000, hots: x}
            delivery: {maxInFligth: 3, keepAlive: 5, maxResponse: 64KB}
            targets: {http: maybe, allow: [10.0.0.0/33, example.com/8]}
            logging: {level: loud}
            """);
    Map<String, String> environment =
        Map.of("POSTHASTE_DELIVERY_MAXHOLD", "5s", "POSTHASTE_CLUSTER_LEASE", "3s");
    assertThat(faults(Optional.of(file), environment))
        .containsExactlyInAnyOrder(
            "http.port: must be a whole number from 0 to 65535, not \"70000\"",
            "http.hots: unknown setting; did you mean http.host?",
            "delivery.maxInFligth: unknown setting; did you mean delivery.maxInFlight?",
            "delivery.keepAlive: must be a duration from 1s to 10m,"
                + " like 250ms, 5s, 10m, 2h or 30d, not \"5\"",
            "delivery.maxResponse: must be a size from 1KiB to 1MiB,"
                + " like 64KiB or 4MiB, not \"64KB\"",
            "targets.http: must be true or false, not \"maybe\"",
            "targets.allow: must be an address range like 10.0.0.0/8 or fd00::/8,"
                + " not \"10.0.0.0/33\"",
            "targets.allow: must be an address range like 10.0.0.0/8 or fd00::/8,"
                + " not \"example.com/8\"",
            "logging.level: must be one of trace, debug, info, warn, error, not \"loud\"",
            "POSTHASTE_DELIVERY_MAXHOLD: unknown variable;"
                + " did you mean POSTHASTE_DELIVERY_MAX_HOLD?",
            "POSTHASTE_CLUSTER_LEASE: must be at least three times cluster.heartbeat,"
                + " or one late heartbeat counts as death");
  }

  @Test
  void aSettingInTheWrongPlaceIsFound() throws IOException {
    Path file =
        file(
            "maxInFlight: 5\nhttp: 8080\nhttp_: {}\ningest: {maxHold: 5s}\ndelivery: {keepAlive: [1s]}");
    assertThat(faults(Optional.of(file), Map.of()))
        .containsExactlyInAnyOrder(
            "maxInFlight: unknown setting; did you mean delivery.maxInFlight?",
            "http: must be a section with settings in it, not a single value",
            "http_: unknown setting; did you mean http?",
            "ingest.maxHold: unknown setting; did you mean delivery.maxHold?",
            "delivery.keepAlive: must be a single value, not a list or a section");
  }

  @Test
  void aFileThatIsMissingOrNotYamlIsNamed() throws IOException {
    Path missing = folder.resolve("none.yaml");
    assertThat(faults(Optional.of(missing), Map.of()).getFirst())
        .startsWith(missing + ": the settings file cannot be read");
    Path broken = file("http: {port: 1\n  x: [");
    assertThat(faults(Optional.of(broken), Map.of()).getFirst())
        .startsWith(broken + ": is not valid YAML, near line");
    Path twice = file("http:\n  port: 1\n  port: 2\n");
    assertThat(faults(Optional.of(twice), Map.of()).getFirst()).contains("a key appears twice");
  }

  @Test
  void variablesThatKubernetesAddsForAServiceAreNotOurs() {
    Map<String, String> links =
        Map.of(
            "POSTHASTE_SERVICE_HOST", "10.0.0.1",
            "POSTHASTE_SERVICE_PORT_HTTP", "80",
            "POSTHASTE_PORT", "tcp://10.0.0.1:80",
            "POSTHASTE_PORT_80_TCP_ADDR", "10.0.0.1",
            "POSTHASTE_DB_SERVICE_HOST", "10.0.0.2");
    assertThat(SettingsReader.read(Optional.empty(), links)).isEqualTo(SettingsReader.defaults());
  }

  private static Settings read(String name, String value) {
    return SettingsReader.read(Optional.empty(), Map.of(name, value));
  }

  private static List<String> faults(Optional<Path> file, Map<String, String> environment) {
    SettingsException thrown =
        catchThrowableOfType(SettingsException.class, () -> SettingsReader.read(file, environment));
    assertThat(thrown.faults()).allSatisfy(fault -> assertThat(thrown).hasMessageContaining(fault));
    return thrown.faults();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("posthaste.yaml"), text);
  }
}
