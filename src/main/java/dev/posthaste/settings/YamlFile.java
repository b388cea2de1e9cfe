package dev.posthaste.settings;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** YAML as a tree of two levels: section, setting. */
final class YamlFile {
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private YamlFile() {}

  /** The text is not what it should be. The message never quotes it: it may hold secrets. */
  static final class NotYaml extends IOException {
    private static final long serialVersionUID = 1L;

    NotYaml(String message) {
      super(message);
    }
  }

  static JsonNode parse(byte[] text) throws IOException {
    JsonNode root;
    try {
      root = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      // Not as the cause: its message quotes the line.
      throw new NotYaml(reason(e) + place(e.getLocation()));
    }
    if (root.isMissingNode() || root.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!root.isObject()) {
      throw new NotYaml("must hold sections like \"http:\" with settings in them");
    }
    return root;
  }

  static Map<String, JsonNode> leaves(JsonNode root) {
    Map<String, JsonNode> leaves = new LinkedHashMap<>();
    root.properties()
        .forEach(
            section ->
                section
                    .getValue()
                    .properties()
                    .forEach(
                        leaf ->
                            leaves.put(section.getKey() + "." + leaf.getKey(), leaf.getValue())));
    return leaves;
  }

  private static String reason(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    return message != null && message.startsWith("Duplicate field")
        ? "a key appears twice"
        : "is not valid YAML";
  }

  private static String place(JsonLocation location) {
    return location == null
        ? ""
        : ", near line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
