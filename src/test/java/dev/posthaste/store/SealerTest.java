package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealerTest {
  private static final String TEXT = "whsec_\u00e9\u4e2d {\"a\":1}";
  private final Sealer sealer = new Sealer(Map.of("k1", key(1)));

  @Test
  void whatWasSealedOpensForItsOwner() {
    assertThat(sealer.open(sealer.seal(TEXT, 7), 7)).isEqualTo(TEXT);
    assertThat(sealer.open(sealer.seal("", 7), 7)).isEmpty();
  }

  @Test
  void theSameTextIsNeverSealedTheSameWay() {
    assertThat(sealer.seal(TEXT, 7)).isNotEqualTo(sealer.seal(TEXT, 7));
  }

  @Test
  void aValueMovedToAnotherOwnerDoesNotOpen() {
    byte[] sealed = sealer.seal(TEXT, 7);
    assertThatIllegalStateException().isThrownBy(() -> sealer.open(sealed, 8));
  }

  @Test
  void everyChangedByteIsNoticed() {
    byte[] sealed = sealer.seal(TEXT, 7);
    for (int i = 0; i < sealed.length; i++) {
      for (int mask : new int[] {0x01, 0x80, 0xff}) {
        byte[] changed = sealed.clone();
        changed[i] ^= (byte) mask;
        assertThatIllegalStateException().as("byte " + i).isThrownBy(() -> sealer.open(changed, 7));
      }
    }
  }

  @Test
  void everyCutIsNoticed() {
    byte[] sealed = sealer.seal(TEXT, 7);
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThatIllegalStateException().as(length + " bytes").isThrownBy(() -> sealer.open(cut, 7));
    }
  }

  @Test
  void aMissingKeyIsNamedAndTheContentIsNot() {
    byte[] sealed = sealer.seal(TEXT, 7);
    assertThatIllegalStateException()
        .isThrownBy(() -> new Sealer(Map.of("k2", key(2))).open(sealed, 7))
        .withMessageContaining("'k1'")
        .withMessageContaining("encryption.keys")
        .withMessageNotContaining("whsec");
  }

  @Test
  void theFirstKeySealsAndAllOpen() {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    keys.put("k2", key(2));
    keys.put("k1", key(1));
    Sealer both = new Sealer(keys);
    assertThat(both.open(sealer.seal(TEXT, 7), 7)).isEqualTo(TEXT);
    byte[] fresh = both.seal(TEXT, 7);
    assertThat(new Sealer(Map.of("k2", key(2))).open(fresh, 7)).isEqualTo(TEXT);
  }

  private static byte[] key(int seed) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) seed);
    return key;
  }
}
