package dev.posthaste.store;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Turns a list of things into the arrays that {@code unnest} takes, a column each. */
final class Columns {
  private Columns() {}

  static <T> Long[] longs(List<T> rows, Function<T, Long> column) {
    return of(rows, Long[]::new, column);
  }

  static <T> Integer[] ints(List<T> rows, Function<T, Integer> column) {
    return of(rows, Integer[]::new, column);
  }

  static <T> String[] texts(List<T> rows, Function<T, String> column) {
    return of(rows, String[]::new, column);
  }

  static <T, C> C[] of(List<T> rows, IntFunction<C[]> array, Function<T, C> column) {
    C[] values = array.apply(rows.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    return values;
  }
}
