package dev.posthaste.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Everything found wrong so far. */
final class Faults {
  private final List<String> lines = new ArrayList<>();
  private final Set<String> paths = new HashSet<>();

  /** A fault of the setting at a path, given at a place (the path itself or a variable). */
  void add(String path, String where, String what) {
    paths.add(path);
    lines.add(where + ": " + what);
  }

  void add(String where, String what) {
    add(where, where, what);
  }

  boolean isBad(String path) {
    return paths.contains(path);
  }

  void throwIfAny() {
    if (!lines.isEmpty()) {
      throw new SettingsException(lines);
    }
  }
}
