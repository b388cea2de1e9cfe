package dev.posthaste.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Ids as text: what was written is read, in the same order, and nothing else is an id. */
class IdTextPropertyTest {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  /** Of the right length at most times, and of nearly the right characters. */
  @Provide
  Arbitrary<String> almostIds() {
    Arbitrary<String> prefixes = Arbitraries.of("evt_", "ep_", "dlv_", "EVT_", "", "evt");
    Arbitrary<String> rests =
        Arbitraries.strings()
            .withChars(DIGITS + DIGITS.toLowerCase(Locale.ROOT) + "ILOUiloué٣")
            .ofMinLength(25)
            .ofMaxLength(27);
    return Combinators.combine(prefixes, rests).as((prefix, rest) -> prefix + rest);
  }

  @Property
  void anIdIsReadAsItWasWrittenAndOnlyAsItsKind(
      @ForAll PublicId kind, @ForAll @LongRange(min = 0) long id) {
    String text = kind.format(id);
    for (PublicId reader : PublicId.values()) {
      if (reader == kind) {
        assertThat(reader.parse(text)).hasValue(id);
      } else {
        assertThat(reader.parse(text)).as("%s read as %s", text, reader).isEmpty();
      }
    }
    assertThat(DeliveryId.parse(text)).isEmpty();
  }

  @Property
  void textsOfIdsSortAsTheirIds(
      @ForAll PublicId kind,
      @ForAll @LongRange(min = 0) long one,
      @ForAll @LongRange(min = 0) long other) {
    assertThat(Integer.signum(kind.format(one).compareTo(kind.format(other))))
        .isEqualTo(Long.compare(one, other));
  }

  @Property
  void anIdWithOneOtherCharacterIsNone(
      @ForAll PublicId kind,
      @ForAll @LongRange(min = 0) long id,
      @ForAll @IntRange(max = 25) int place,
      @ForAll @IntRange(max = 31) int digit) {
    String text = kind.format(id);
    int at = text.length() - 26 + place;
    char other = DIGITS.charAt(digit);
    Assume.that(text.charAt(at) != other);
    String changed = text.substring(0, at) + other + text.substring(at + 1);
    assertThat(kind.parse(changed)).as("%s for %s", changed, text).isEmpty();
  }

  @Property
  void aDeliveryIsReadAsItWasWrittenAndSortsByItsEvent(
      @ForAll @LongRange(min = 0) long event,
      @ForAll @LongRange(min = 0) long other,
      @ForAll @LongRange(min = 0) long endpoint) {
    DeliveryId id = new DeliveryId(event, endpoint);
    assertThat(DeliveryId.parse(id.toString())).contains(id);
    assertThat(Integer.signum(id.toString().compareTo(new DeliveryId(other, endpoint).toString())))
        .isEqualTo(Long.compare(event, other));
  }

  @Property
  void whatIsReadAsAnIdIsWrittenAsThatText(@ForAll("almostIds") String text) {
    for (PublicId kind : PublicId.values()) {
      kind.parse(text).ifPresent(id -> assertThat(kind.format(id)).isEqualToIgnoringCase(text));
    }
    DeliveryId.parse(text).ifPresent(id -> assertThat(id.toString()).isEqualToIgnoringCase(text));
  }

  @Property
  void anyTextAtAllIsReadWithoutAFault(@ForAll String text, @ForAll PublicId kind) {
    assertThat(kind.parse(text)).isEmpty();
    assertThat(DeliveryId.parse("dlv_" + text)).isEmpty();
  }
}
