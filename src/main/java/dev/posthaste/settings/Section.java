package dev.posthaste.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads the values of one section. A bad value is reported and its default taken, so that reading
 * goes on and finds the other faults.
 */
final class Section {
  private static final String NOT_SINGLE = "must be a single value, not a list or a section";

  private final String name;
  private final Values values;

  Section(String name, Values values) {
    this.name = name;
    this.values = values;
  }

  <T> T one(String key, Form<T> form) {
    Values.Given given = given(key);
    if (given.node().isContainerNode()) {
      fault(key, NOT_SINGLE);
    } else {
      Optional<T> value = parse(key, text(given.node()), form);
      if (value.isPresent()) {
        return value.get();
      }
    }
    return form.parse(values.defaultOf(path(key)).asText());
  }

  <T> Optional<T> optional(String key, Form<T> form) {
    JsonNode node = given(key).node();
    if (node.isContainerNode()) {
      fault(key, NOT_SINGLE);
      return Optional.empty();
    }
    String text = text(node);
    return text.isEmpty() ? Optional.empty() : parse(key, text, form);
  }

  <T> List<T> many(String key, Form<T> form) {
    JsonNode node = given(key).node();
    if (node.isObject()) {
      fault(key, "must be a list, not a section");
      return List.of();
    }
    List<T> found = new ArrayList<>();
    for (String item : items(key, node)) {
      parse(key, item, form).ifPresent(found::add);
    }
    return found;
  }

  void fault(String key, String what) {
    values.faults().add(path(key), given(key).where(), what);
  }

  private List<String> items(String key, JsonNode node) {
    if (!node.isArray()) {
      return Stream.of(text(node).split(",", -1))
          .map(String::strip)
          .filter(item -> !item.isEmpty())
          .toList();
    }
    if (StreamSupport.stream(node.spliterator(), false).anyMatch(JsonNode::isContainerNode)) {
      fault(key, "must be a list of single values");
      return List.of();
    }
    return StreamSupport.stream(node.spliterator(), false).map(Section::text).toList();
  }

  private <T> Optional<T> parse(String key, String text, Form<T> form) {
    try {
      return Optional.of(form.parse(text));
    } catch (IllegalArgumentException e) {
      fault(key, e.getMessage() + (form.isSecret() ? " (the value is not shown)" : not(text)));
      return Optional.empty();
    }
  }

  private static String text(JsonNode node) {
    return node.isNull() ? "" : node.asText().strip();
  }

  private static String not(String text) {
    return text.isEmpty() ? ", but is empty" : ", not \"" + text + "\"";
  }

  private Values.Given given(String key) {
    return values.given(path(key));
  }

  private String path(String key) {
    return name + "." + key;
  }
}
