package dev.posthaste.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keys and values of a file being read. A value that is missing or wrong is noted and replaced by a
 * harmless one, so that reading goes on and finds the other faults too.
 */
final class Section {
  private final JsonNode node;
  private final String path;
  private final FaultList faults;
  private final Set<String> known = new LinkedHashSet<>();

  Section(JsonNode node, String path, FaultList faults) {
    this.node = node;
    this.path = path;
    this.faults = faults;
  }

  /** Notes a fault at a key of this section, or at the section if the key is empty. */
  void fault(String key, String message) {
    faults.add(at(key), message);
  }

  /** The keys in the order they stand in the file. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** The value as it stands, if it is there. */
  Optional<JsonNode> raw(String key) {
    known.add(key);
    return Optional.ofNullable(node.get(key));
  }

  /** A text that is not empty. */
  String text(String key) {
    return optionalText(key).orElseGet(() -> missing(key, "", "a text"));
  }

  /** A text that is not empty, or nothing if the key is absent or null. */
  Optional<String> optionalText(String key) {
    Optional<JsonNode> value = raw(key).filter(found -> !found.isNull());
    if (value.isPresent() && (!value.get().isTextual() || value.get().textValue().isBlank())) {
      fault(key, wrong("a text", value.get()));
      return Optional.of("?");
    }
    return value.map(JsonNode::textValue);
  }

  /** One of the constants, written in lower case with hyphens. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    Optional<JsonNode> value = raw(key);
    E[] constants = type.getEnumConstants();
    for (E constant : constants) {
      if (value.filter(found -> word(constant).equals(found.textValue())).isPresent()) {
        return constant;
      }
    }
    String allowed = Stream.of(constants).map(Section::word).collect(Collectors.joining(", "));
    return orFault(key, value, constants[0], "one of " + allowed);
  }

  /** True or false; false if the key is absent. */
  boolean flag(String key) {
    Optional<JsonNode> value = raw(key);
    if (value.isPresent() && !value.get().isBoolean()) {
      fault(key, wrong("true or false", value.get()));
    }
    return value.filter(JsonNode::booleanValue).isPresent();
  }

  /** A whole number within bounds, or nothing if the key is absent. */
  Optional<Integer> number(String key, int min, int max) {
    Optional<JsonNode> value = raw(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    JsonNode found = value.get();
    if (found.canConvertToInt() && found.isIntegralNumber()) {
      int number = found.intValue();
      if (number >= min && number <= max) {
        return Optional.of(number);
      }
    }
    fault(key, wrong("a whole number from " + min + " to " + max, found));
    return Optional.of(min);
  }

  /** A duration within bounds, or nothing if the key is absent. */
  Optional<Duration> duration(String key, DurationRange range) {
    return raw(key).map(value -> range.read(value, message -> fault(key, message)));
  }

  /** A list of durations; empty if the key is absent. */
  List<Duration> durations(String key, DurationRange range) {
    return list(key, (item, index) -> range.read(item, message -> fault(key + index, message)));
  }

  /**
   * A list, item by item; empty if the key is absent.
   *
   * @param read gets the item and its index with brackets: {@code [2]}
   */
  <T> List<T> list(String key, BiFunction<JsonNode, String, T> read) {
    Optional<JsonNode> value = raw(key);
    List<T> items = new ArrayList<>();
    if (value.isPresent() && !value.get().isArray()) {
      fault(key, wrong("a list", value.get()));
      return items;
    }
    if (value.isPresent()) {
      for (JsonNode item : value.get()) {
        items.add(read.apply(item, "[" + items.size() + "]"));
      }
    }
    return items;
  }

  /** The section under a key; an empty one, whose faults are not noted, if there is none. */
  Section section(String key) {
    return section(key, "keys and values");
  }

  /** The same, where something else is allowed too. */
  Section section(String key, String allowed) {
    JsonNode value = raw(key).orElse(null);
    if (value != null && value.isObject()) {
      return new Section(value, at(key), faults);
    }
    fault(key, value == null ? "is required: " + allowed : wrong(allowed, value));
    return new Section(
        JsonNodeFactory.instance.objectNode(), at(key), new FaultList("", new ArrayList<>()));
  }

  /** The sections of a list; empty if the key is absent. */
  List<Section> sections(String key) {
    return list(
        key,
        (item, index) -> {
          if (!item.isObject()) {
            fault(key + index, wrong("keys and values", item));
          }
          return new Section(item, at(key) + index, faults);
        });
  }

  /** Whether the value is the given word instead of a section. */
  boolean says(String key, String word) {
    return raw(key).filter(value -> word.equals(value.textValue())).isPresent();
  }

  /** Notes the keys that nobody asked for. Called when everything has been read. */
  void end() {
    for (String key : keys()) {
      if (!known.contains(key)) {
        fault(key, "unknown key; allowed here: " + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  /** "must be …, is …". */
  static String wrong(String allowed, JsonNode found) {
    return "must be " + allowed + "; is " + found;
  }

  /** The harmless value, after noting that the real one is missing. */
  <T> T missing(String key, T harmless, String allowed) {
    fault(key, "is required: " + allowed);
    return harmless;
  }

  private <T> T orFault(String key, Optional<JsonNode> value, T harmless, String allowed) {
    if (value.isEmpty()) {
      return missing(key, harmless, allowed);
    }
    fault(key, wrong(allowed, value.get()));
    return harmless;
  }

  private String at(String key) {
    if (key.isEmpty()) {
      return path;
    }
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
