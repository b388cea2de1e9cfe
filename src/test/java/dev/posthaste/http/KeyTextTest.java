package dev.posthaste.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyTextTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @Test
  void everyKeyIsAnotherAndHasTheForm() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      String text = KeyText.generate(RANDOM);
      assertThat(text).matches("phk_[0-9A-Za-z]{33}");
      assertThat(KeyText.isWellFormed(text)).isTrue();
      assertThat(seen.add(text)).isTrue();
    }
  }

  @Test
  void aKeyWithOneOtherCharacterIsRecognisedAsMistyped() {
    String text = KeyText.generate(RANDOM);
    for (int i = "phk_".length(); i < text.length(); i++) {
      char other = text.charAt(i) == 'a' ? 'b' : 'a';
      assertThat(KeyText.isWellFormed(text.substring(0, i) + other + text.substring(i + 1)))
          .isFalse();
    }
  }

  @Test
  void otherTextsAreNoKeys() {
    assertThat(KeyText.isWellFormed("")).isFalse();
    assertThat(KeyText.isWellFormed("phk_")).isFalse();
    assertThat(KeyText.isWellFormed(KeyText.generate(RANDOM) + "0")).isFalse();
    assertThat(KeyText.isWellFormed("phk_" + "é".repeat(33))).isFalse();
  }
}
