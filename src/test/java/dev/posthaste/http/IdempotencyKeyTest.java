package dev.posthaste.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.MultiMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
  private static Optional<String> read(String value) {
    return IdempotencyKey.of(MultiMap.caseInsensitiveMultiMap().add("idempotency-key", value));
  }

  @Test
  void aRequestMayGoWithout() {
    assertThat(IdempotencyKey.of(MultiMap.caseInsensitiveMultiMap())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {"abc,abc", "\"abc\",abc", "\"a\\\"b\\\\c\",a\"b\\c", "a\"b,a\"b", "\"a b\",a b"})
  void quotedAndBareNamesAreTheSame(String value, String name) {
    assertThat(read(value)).contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"", "\"\"", "\"a", "\"a\"b\"", "\"a\\\"", "\"a\\b\"", "ä", "a\tb"})
  void whatIsNoNameIsRefused(String value) {
    assertThatThrownBy(() -> read(value)).isInstanceOf(ProblemException.class);
  }

  @Test
  void namesMayHave255Characters() {
    assertThat(read("\"" + "x".repeat(255) + "\"")).contains("x".repeat(255));
    assertThatThrownBy(() -> read("x".repeat(256))).isInstanceOf(ProblemException.class);
  }
}
