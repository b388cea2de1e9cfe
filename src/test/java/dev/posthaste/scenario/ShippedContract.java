package dev.posthaste.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A contract file as it ships, and a copy of it in which time runs faster. */
final class ShippedContract {
  /** Eight hours become two seconds. */
  static final int FASTER = 14_400;

  private static final int HASTIER = 20;
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h)");

  private final String name;
  private final ObjectNode root;

  ShippedContract(String name) throws IOException {
    this.name = name;
    try (InputStream in =
        ShippedContract.class.getResourceAsStream("/conf/contracts/" + name + ".yaml")) {
      root = (ObjectNode) YAML.readTree(in);
    }
  }

  /** What stands at a place such as {@code /retry/inline}. */
  JsonNode at(String pointer) {
    return root.at(pointer);
  }

  List<String> texts(String pointer) {
    List<String> texts = new ArrayList<>();
    at(pointer).forEach(item -> texts.add(item.asText()));
    return texts;
  }

  /** All waits between attempts, as they are in the faster copy. */
  List<Duration> fasterWaits() {
    List<Duration> waits = new ArrayList<>();
    for (String pointer : List.of("/retry/inline", "/retry/schedule")) {
      texts(pointer).forEach(text -> waits.add(divided(text, FASTER)));
    }
    return waits;
  }

  /** Under this name there is a copy that does not wait long for an answer either. */
  String hasty() {
    return name + "-hasty";
  }

  /** Writes the copies where an operator would, every wait divided and all else as it was. */
  void writeFaster(Path folder) throws IOException {
    ObjectNode faster = root.deepCopy();
    ObjectNode retry = (ObjectNode) faster.get("retry");
    for (String key : List.of("inline", "schedule")) {
      ArrayNode waits = retry.putArray(key);
      root.get("retry").get(key).forEach(wait -> waits.add(text(divided(wait.asText(), FASTER))));
    }
    Files.createDirectories(folder);
    YAML.writeValue(folder.resolve(name + ".yaml").toFile(), faster);
    faster.set("timeout", TextNode.valueOf(text(divided(root.get("timeout").asText(), HASTIER))));
    YAML.writeValue(folder.resolve(hasty() + ".yaml").toFile(), faster);
  }

  private static Duration divided(String text, int by) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new AssertionError("not a duration: " + text);
    }
    long millis =
        Long.parseLong(matcher.group(1))
            * switch (matcher.group(2)) {
              case "ms" -> 1L;
              case "s" -> 1_000L;
              case "m" -> 60_000L;
              default -> 3_600_000L;
            };
    return Duration.ofMillis(Math.max(1, millis / by));
  }

  private static String text(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
