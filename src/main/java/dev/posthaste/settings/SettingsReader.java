package dev.posthaste.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the settings: the defaults inside the program, overridden by an optional file, overridden
 * by the environment. Stateless.
 */
public final class SettingsReader {
  static final String DEFAULTS = "conf/posthaste.yaml";

  private SettingsReader() {}

  /** The defaults alone. */
  public static Settings defaults() {
    return read(Optional.empty(), Map.of());
  }

  /**
   * The settings of this start.
   *
   * @param file the operator's file; {@code POSTHASTE_CONFIG} names it otherwise
   * @param environment the environment variables
   * @throws SettingsException with all faults at once
   */
  public static Settings read(Optional<Path> file, Map<String, String> environment) {
    Faults faults = new Faults();
    Values values = new Values(readDefaults(), faults);
    file.or(() -> configured(environment)).ifPresent(path -> overlay(values, path));
    overlay(values, environment);
    Settings settings = Settings.from(values);
    CrossChecks.run(settings, values);
    faults.throwIfAny();
    return settings;
  }

  private static Optional<Path> configured(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(VariableNames.CONFIG))
        .filter(text -> !text.isBlank())
        .map(Path::of);
  }

  private static Map<String, JsonNode> readDefaults() {
    try (InputStream in = SettingsReader.class.getClassLoader().getResourceAsStream(DEFAULTS)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks " + DEFAULTS);
      }
      return YamlFile.leaves(YamlFile.parse(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void overlay(Values values, Path file) {
    Faults faults = values.faults();
    try {
      JsonNode root = YamlFile.parse(Files.readAllBytes(file));
      new FileLayer(values).put(root);
    } catch (YamlFile.NotYaml e) {
      faults.add(file.toString(), e.getMessage());
    } catch (IOException e) {
      faults.add(
          file.toString(),
          "the settings file cannot be read: does it exist, and may this user read it?");
    }
  }

  private static void overlay(Values values, Map<String, String> environment) {
    VariableNames names = new VariableNames(values.paths());
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      Optional<String> path = names.pathOf(name);
      if (path.isPresent() && !variable.getValue().isBlank()) {
        values.put(path.get(), name, TextNode.valueOf(variable.getValue()));
      } else if (path.isEmpty() && names.isUnknown(name, variable.getValue())) {
        values.faults().add(name, "unknown variable" + NearMiss.hint(name, names.all()));
      }
    }
  }
}
