package dev.posthaste.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The values by path, layer over layer: defaults, then the file, then the environment. */
final class Values {
  /**
   * A value as it was given.
   *
   * @param where the path or the variable, for messages
   */
  record Given(String where, JsonNode node) {}

  private final Map<String, JsonNode> defaults;
  private final Map<String, Given> given = new HashMap<>();
  private final Faults faults;

  Values(Map<String, JsonNode> defaults, Faults faults) {
    this.defaults = defaults;
    this.faults = faults;
    defaults.forEach((path, node) -> put(path, path, node));
  }

  void put(String path, String where, JsonNode node) {
    given.put(path, new Given(where, node));
  }

  Section section(String name) {
    return new Section(name, this);
  }

  /** Every path there is. */
  Set<String> paths() {
    return defaults.keySet();
  }

  Given given(String path) {
    return given.get(path);
  }

  JsonNode defaultOf(String path) {
    return defaults.get(path);
  }

  Faults faults() {
    return faults;
  }
}
