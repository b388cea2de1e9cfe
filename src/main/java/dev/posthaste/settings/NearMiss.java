package dev.posthaste.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Guesses which name was meant. */
final class NearMiss {
  private NearMiss() {}

  /** "; did you mean X?", or nothing when no name is near. */
  static String hint(String wrong, Collection<String> names) {
    return nearest(wrong, names).map(name -> "; did you mean " + name + "?").orElse("");
  }

  private static Optional<String> nearest(String wrong, Collection<String> names) {
    String key = key(wrong);
    Predicate<String> sameKey = name -> key(name).equals(key);
    // Wrong word separators and letter case cost nothing; a typo in every fourth letter is too far.
    int limit = Math.max(2, Math.min(4, plain(wrong).length() / 4));
    Predicate<String> near = name -> distance(plain(wrong), plain(name)) <= limit;
    return nearest(wrong, names, sameKey).or(() -> nearest(wrong, names, near));
  }

  private static Optional<String> nearest(
      String wrong, Collection<String> names, Predicate<String> candidate) {
    return names.stream()
        .filter(candidate)
        .min(
            Comparator.<String>comparingInt(name -> distance(plain(wrong), plain(name)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** The last part: a setting put into the wrong section is meant all the same. */
  private static String key(String name) {
    return plain(name.substring(name.lastIndexOf('.') + 1));
  }

  private static String plain(String name) {
    return name.replaceAll("[_.-]", "").toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's, one row at a time. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
