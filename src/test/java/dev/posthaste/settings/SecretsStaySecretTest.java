package dev.posthaste.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neither the log nor an error message shows a secret, good or bad. */
class SecretsStaySecretTest {
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
  private static final String OPERATOR_KEY = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  @Test
  void theDescriptionMasksThem() {
    Settings settings =
        read(
            Map.of(
                "POSTHASTE_OPERATOR_KEY",
                OPERATOR_KEY,
                "POSTHASTE_DATABASE_URL",
                "postgresql://app:s3cret@db/ph",
                "POSTHASTE_ENCRYPTION_KEYS",
                "k2:" + KEY + ",k1:" + KEY));
    assertThat(settings.describe() + settings)
        .doesNotContain(OPERATOR_KEY, "s3cret", KEY)
        .contains("url=postgresql://app:***@db:5432/ph?sslmode=prefer", "key=***")
        .contains("keys=[k2:***,k1:***]");
    assertThat(settings.operator().key().orElseThrow().reveal()).isEqualTo(OPERATOR_KEY);
    assertThat(settings.encryption().keys().getFirst().text()).isEqualTo("k2:" + KEY);
  }

  @Test
  void faultsDoNotQuoteThem() {
    Throwable thrown =
        catchThrowable(
            () ->
                read(
                    Map.of(
                        "POSTHASTE_OPERATOR_KEY", "tooshort1",
                        "POSTHASTE_DATABASE_URL", "mysql://app:s3cret@db/ph",
                        "POSTHASTE_ENCRYPTION_KEYS", "k1:bm90MzI=,k!:" + KEY)));
    assertThat(thrown)
        .hasNoCause()
        .hasMessageContainingAll(
            "POSTHASTE_OPERATOR_KEY: must be empty or at least 32",
            "POSTHASTE_DATABASE_URL: must be postgresql://",
            "POSTHASTE_ENCRYPTION_KEYS: must be id:base64 of 32 bytes",
            "(the value is not shown)");
    assertThat(thrown.getMessage()).doesNotContain("tooshort1", "s3cret", "bm90MzI", KEY);
  }

  @Test
  void aFileThatIsNotYamlIsNotQuoted() throws IOException {
    Path file = Files.writeString(folder.resolve("p.yaml"), "operator: {key: \"s3cret\n");
    Throwable thrown = catchThrowable(() -> SettingsReader.read(Optional.of(file), Map.of()));
    assertThat(thrown).isInstanceOf(SettingsException.class).hasNoCause();
    assertThat(thrown.getMessage()).doesNotContain("s3cret");
  }

  @Test
  void twoKeysOfOneIdAreRefused() {
    Map<String, String> twice = Map.of("POSTHASTE_ENCRYPTION_KEYS", "k1:" + KEY + ",k1:" + KEY);
    assertThat(catchThrowable(() -> read(twice))).hasMessageContaining("two keys have the id k1");
  }

  private static Settings read(Map<String, String> environment) {
    return SettingsReader.read(Optional.empty(), environment);
  }
}
