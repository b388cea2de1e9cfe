package dev.posthaste.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthaste.settings.DatabaseUrl.SslMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  @Test
  void takesAllPartsAndDecodesThem() {
    DatabaseUrl url =
        DatabaseUrl.parse(
            "postgresql://a%40b:p%2Fw+:x@my_db.internal:6432/post?sslmode=verify-full");
    assertThat(url.user()).isEqualTo("a@b");
    assertThat(url.password().reveal()).isEqualTo("p/w+:x");
    assertThat(url.host()).isEqualTo("my_db.internal");
    assertThat(url.port()).isEqualTo(6432);
    assertThat(url.database()).isEqualTo("post");
    assertThat(url.sslMode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(DatabaseUrl.parse(url.text())).isEqualTo(url);
  }

  @Test
  void fillsInWhatLibpqFillsIn() {
    DatabaseUrl url = DatabaseUrl.parse("postgres://app@[::1]");
    assertThat(url.host()).isEqualTo("::1");
    assertThat(url.port()).isEqualTo(5432);
    assertThat(url.database()).isEqualTo("app");
    assertThat(url.password().reveal()).isEmpty();
    assertThat(url.sslMode()).isEqualTo(SslMode.PREFER);
    assertThat(url).hasToString("postgresql://app@[::1]:5432/app?sslmode=prefer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db/x",
        "postgresql://db:5432/x",
        "postgresql://u:s3cret@db:0/x",
        "postgresql://u:s3cret@db:99999/x",
        "postgresql://u:s3cret/@db/x",
        "postgresql://u:s3cret%zz@db/x",
        "postgresql://u:s3cret@a,b/x",
        "postgresql://u:s3cret@db/x?sslmode=maybe",
        "postgresql://u:s3cret@db/x?sslcert=s3cret",
        "postgresql://u:s3cret@db/x?sslrootcert=/no/such/file"
      })
  void refusesOthersWithoutQuotingThem(String text) {
    assertThatThrownBy(() -> DatabaseUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("s3cret");
  }
}
