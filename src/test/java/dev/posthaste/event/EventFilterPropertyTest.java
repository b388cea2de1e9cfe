package dev.posthaste.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Filters against a model that compares names piece by piece. */
class EventFilterPropertyTest {
  private static final String PIECE_CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

  /** Few and alike, so that names often begin with one another. */
  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of("a", "ab", "b", "a-b", "_", "0").list().ofMinSize(1).ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> filters() {
    Arbitrary<String> ends = Arbitraries.of("", ".*");
    Arbitrary<String> named =
        Combinators.combine(pieces(), ends).as((pieces, end) -> String.join(".", pieces) + end);
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(1, Arbitraries.just("*")), net.jqwik.api.Tuple.of(20, named));
  }

  @Provide
  Arbitrary<String> almostFilters() {
    return Arbitraries.strings().withChars("ab_-.*é \n").ofMaxLength(8);
  }

  @Property
  void aFilterLetsThroughWhatTheModelLetsThrough(
      @ForAll("filters") String filter, @ForAll("pieces") List<String> type) {
    assertThat(new EventFilter(filter).matches(String.join(".", type)))
        .as("%s lets %s through", filter, type)
        .isEqualTo(model(pieces(filter), type));
  }

  @Property
  void onlyWhatHasTheFormOfAFilterIsOne(@ForAll("almostFilters") String text) {
    assertThat(EventFilter.isValid(text)).as("'%s'", text).isEqualTo(isFilter(text));
  }

  @Property
  void aTextOfMoreThan128CharactersIsNone(@ForAll("pieces") List<String> pieces) {
    String text = String.join(".", pieces);
    String filled = "a".repeat(128 - text.length()) + text;
    assertThat(EventFilter.isValid(filled)).isTrue();
    assertThat(EventFilter.isValid(filled + "a")).isFalse();
  }

  private static boolean model(List<String> filter, List<String> type) {
    int last = filter.size() - 1;
    if (!filter.get(last).equals("*")) {
      return filter.equals(type);
    }
    return type.size() > last && type.subList(0, last).equals(filter.subList(0, last));
  }

  private static boolean isFilter(String text) {
    List<String> pieces = pieces(text);
    int last = pieces.size() - 1;
    return pieces.subList(0, last).stream().allMatch(EventFilterPropertyTest::isPiece)
        && (pieces.get(last).equals("*") || isPiece(pieces.get(last)));
  }

  private static boolean isPiece(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> PIECE_CHARACTERS.indexOf(c) >= 0);
  }

  private static List<String> pieces(String text) {
    return Arrays.asList(text.split("\\.", -1));
  }
}
