package dev.posthaste.support;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' text format 0.0.4, read strictly: what a line is not, fails; each family has its help
 * and type before its samples and comes once; buckets grow and end at the count.
 */
public final class Exposition {
  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (NaN|[+-]Inf|-?[0-9.]+(?:E-?[0-9]+)?)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\[\\\\n\"])*)\",?");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");

  private final Map<String, String> helps = new HashMap<>();
  private final Map<String, String> types = new HashMap<>();
  private final List<Sample> samples = new ArrayList<>();
  private final Set<String> series = new HashSet<>();

  private Exposition() {}

  /** One line. */
  public record Sample(String name, Map<String, String> labels, double value) {}

  public static Exposition parse(String text) {
    if (!text.endsWith("\n")) {
      throw new AssertionError("the last line has no end");
    }
    Exposition parsed = new Exposition();
    text.lines().forEach(parsed::line);
    parsed.checkHistograms();
    return parsed;
  }

  private void line(String line) {
    Matcher comment = COMMENT.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (comment.matches()) {
      Map<String, String> known = comment.group(1).equals("HELP") ? helps : types;
      require(known.put(comment.group(2), comment.group(3)) == null, "comes twice", line);
      require(known == helps || TYPES.contains(comment.group(3)), "is no type", line);
    } else if (sample.matches()) {
      Sample read = new Sample(sample.group(1), labels(sample.group(2)), value(sample.group(3)));
      require(types.containsKey(family(read.name)), "has no type before it", line);
      require(series.add(read.name + read.labels), "comes twice", line);
      samples.add(read);
    } else {
      require(false, "is no line of the format", line);
    }
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    Matcher label = LABEL.matcher(text == null ? "" : text);
    int end = 0;
    while (label.lookingAt()) {
      require(labels.put(label.group(1), label.group(2)) == null, "label twice", text);
      end = label.end();
      label.region(end, text.length());
    }
    require(text == null || end == text.length(), "labels are not well formed", text);
    return labels;
  }

  private static double value(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private String family(String name) {
    String base = name.replaceFirst("_(bucket|count|sum)$", "");
    String type = types.getOrDefault(base, "");
    return type.equals("histogram") || type.equals("summary") ? base : name;
  }

  private void checkHistograms() {
    Map<String, Double> last = new HashMap<>();
    for (Sample sample : samples) {
      if (sample.name.endsWith("_bucket")) {
        Map<String, String> others = new LinkedHashMap<>(sample.labels);
        String bound = others.remove("le");
        String key = sample.name + others;
        require(sample.value >= last.getOrDefault(key, 0.0), "shrinks", sample.toString());
        last.put(key, sample.value);
        if (bound.equals("+Inf")) {
          String count = sample.name.replace("_bucket", "_count");
          require(value(count, others) == sample.value, "is not the count", sample.toString());
        }
      }
    }
  }

  private static void require(boolean condition, String what, String line) {
    if (!condition) {
      throw new AssertionError(what + ": " + line);
    }
  }

  public List<Sample> samples() {
    return samples;
  }

  public Map<String, String> helps() {
    return helps;
  }

  public Map<String, String> types() {
    return types;
  }

  /** The sum of all series of a name that have these labels, in names and values; 0 if none. */
  public double sum(String name, String... labels) {
    return samples.stream()
        .filter(sample -> sample.name.equals(name))
        .filter(sample -> has(sample, labels))
        .mapToDouble(Sample::value)
        .sum();
  }

  private static boolean has(Sample sample, String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      if (!labels[i + 1].equals(sample.labels.get(labels[i]))) {
        return false;
      }
    }
    return true;
  }

  private double value(String name, Map<String, String> labels) {
    return samples.stream()
        .filter(sample -> sample.name.equals(name) && sample.labels.equals(labels))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + labels + " is missing"))
        .value;
  }
}
