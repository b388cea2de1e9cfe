package dev.posthaste.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicIdTest {
  @ParameterizedTest
  @EnumSource
  void everyIdComesBack(PublicId kind) {
    LongStream samples =
        LongStream.concat(
            LongStream.of(0, 1, 1L << 22, Long.MAX_VALUE),
            new Random(1).longs(10_000, 0, Long.MAX_VALUE));
    samples.forEach(id -> assertThat(kind.parse(kind.format(id))).hasValue(id));
  }

  @Test
  void textsSortLikeIdsAndSayTheirKind() {
    List<String> texts =
        new Random(2)
            .longs(1_000, 0, Long.MAX_VALUE)
            .sorted()
            .mapToObj(PublicId.EVENT::format)
            .toList();
    assertThat(texts).isSorted().allMatch(text -> text.matches("evt_[0-9A-HJKMNP-TV-Z]{26}"));
  }

  @Test
  void oneKindIsNotAnother() {
    String event = PublicId.EVENT.format(42L << 22);
    assertThat(PublicId.ENDPOINT.parse(event)).isEmpty();
    assertThat(PublicId.ENDPOINT.parse("ep_" + event.substring(4))).hasValue(42L << 22);
  }

  @Test
  void anyMistypedCharacterIsNoticed() {
    String text = PublicId.ENDPOINT.format(1_234_567_890_123_456L);
    for (int i = 0; i < text.length(); i++) {
      String other =
          text.substring(0, i) + (text.charAt(i) == '7' ? '3' : '7') + text.substring(i + 1);
      assertThat(PublicId.ENDPOINT.parse(other)).as(other).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evt_",
        "evt_01JGFJJZ00000G40R40M30E20",
        "evt_01JGFJJZ00000G40R40M30E2099",
        "evt_00000000000000000000000000",
        "evt_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "evt_8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "evt_!1JGFJJZ00000G40R40M30E209",
        "evt_\u00e91JGFJJZ00000G40R40M30E20",
        "EVT_01JGFJJZ00000G40R40M30E209"
      })
  void whatIsNoIdIsRefused(String text) {
    assertThat(PublicId.EVENT.parse(text)).isEmpty();
  }

  @Test
  void deliveriesAreNamedByBothTheirIds() {
    Random random = new Random(3);
    for (int i = 0; i < 1_000; i++) {
      var id =
          new DeliveryId(random.nextLong(0, Long.MAX_VALUE), random.nextLong(0, Long.MAX_VALUE));
      assertThat(id.toString()).matches("dlv_[0-9A-HJKMNP-TV-Z]{26}");
      assertThat(DeliveryId.parse(id.toString())).contains(id);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dlv_",
        "dlv_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "dlv_0000000000000000000000000U",
        "evt_00000000000000000000000000",
        "dlv_000000000000000000000000000"
      })
  void whatIsNoDeliveryIsRefused(String text) {
    assertThat(DeliveryId.parse(text)).isEmpty();
  }
}
