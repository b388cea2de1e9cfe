package dev.posthaste.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts the operator's file over the defaults and reports what is not a setting. */
final class FileLayer {
  private final Values values;
  private final Set<String> sections;

  FileLayer(Values values) {
    this.values = values;
    this.sections =
        values.paths().stream()
            .map(path -> path.substring(0, path.indexOf('.')))
            .collect(Collectors.toSet());
  }

  void put(JsonNode root) {
    root.properties().forEach(entry -> putSection(entry.getKey(), entry.getValue()));
  }

  private void putSection(String name, JsonNode section) {
    if (!sections.contains(name)) {
      String hint =
          section.isObject() ? NearMiss.hint(name, sections) : NearMiss.hint(name, values.paths());
      values.faults().add(name, "unknown setting" + hint);
    } else if (section.isObject()) {
      section
          .properties()
          .forEach(entry -> putValue(name + "." + entry.getKey(), entry.getValue()));
    } else if (!section.isNull()) {
      values.faults().add(name, "must be a section with settings in it, not a single value");
    }
  }

  private void putValue(String path, JsonNode node) {
    if (values.paths().contains(path)) {
      values.put(path, path, node);
    } else {
      values.faults().add(path, "unknown setting" + NearMiss.hint(path, values.paths()));
    }
  }
}
