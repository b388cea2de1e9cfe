package dev.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthaste.http.ProblemException;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A cursor is read as it was written, by its own list only; no other text is one. */
class CursorPropertyTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  /** Those that have one key ignore the other. */
  private static String written(Cursor cursor, long one, long two) {
    int keys = Base64.getUrlDecoder().decode(cursor.format()).length / Long.BYTES;
    return cursor.format(Arrays.copyOf(new long[] {one, two}, keys));
  }

  @Provide
  Arbitrary<String> almostCursors() {
    return Arbitraries.strings().withChars(ALPHABET + "=+/ é").ofMinLength(10).ofMaxLength(25);
  }

  @Property
  void aCursorIsReadAsItWasWritten(@ForAll Cursor cursor, @ForAll long one, @ForAll long two) {
    long[] keys = cursor.parse("cursor", written(cursor, one, two));
    assertThat(keys).isEqualTo(Arrays.copyOf(new long[] {one, two}, keys.length));
  }

  @Property
  void anotherListRefusesIt(
      @ForAll Cursor cursor, @ForAll Cursor other, @ForAll long one, @ForAll long two) {
    if (cursor != other) {
      refuses(other, written(cursor, one, two));
    }
  }

  @Property
  void aCursorThatWasCutOrMadeLongerIsRefused(
      @ForAll Cursor cursor,
      @ForAll long one,
      @ForAll long two,
      @ForAll @IntRange(max = 40) int length) {
    String text = written(cursor, one, two);
    if (length < text.length()) {
      refuses(cursor, text.substring(0, length));
    } else if (length > text.length()) {
      refuses(cursor, text + "A".repeat(length - text.length()));
    }
    refuses(cursor, text + "=");
  }

  @Property
  void aFeedRefusesTheCursorOfAnotherOne(@ForAll long own, @ForAll long other, @ForAll long place) {
    String text = Cursor.DELIVERY_FEED.format(own, place);
    assertThat(Cursor.DELIVERY_FEED.parse("after", text, own)[1]).isEqualTo(place);
    if (own != other) {
      assertThatThrownBy(() -> Cursor.DELIVERY_FEED.parse("after", text, other))
          .isInstanceOf(ProblemException.class);
    }
  }

  @Property
  void whatIsTakenAsACursorIsExactlyOneThatWeWrite(
      @ForAll Cursor cursor,
      @ForAll long one,
      @ForAll long two,
      @ForAll @IntRange(max = 22) int place,
      @ForAll @IntRange(max = 63) int digit) {
    String text = written(cursor, one, two);
    int at = place % text.length();
    onlyItsOwn(cursor, text.substring(0, at) + ALPHABET.charAt(digit) + text.substring(at + 1));
  }

  @Property
  void garbageIsRefused(@ForAll Cursor cursor, @ForAll("almostCursors") String text) {
    onlyItsOwn(cursor, text);
  }

  private static void onlyItsOwn(Cursor cursor, String text) {
    try {
      assertThat(cursor.format(cursor.parse("cursor", text))).isEqualTo(text);
    } catch (ProblemException refused) {
      assertThat(refused.problem().status()).isEqualTo(422);
    }
  }

  private static void refuses(Cursor cursor, String text) {
    assertThatThrownBy(() -> cursor.parse("cursor", text))
        .as("%s as a cursor of %s", text, cursor)
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem().status()).isEqualTo(422));
  }
}
