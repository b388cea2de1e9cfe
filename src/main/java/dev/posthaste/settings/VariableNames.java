package dev.posthaste.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Environment variables: {@code delivery.maxInFlight} is POSTHASTE_DELIVERY_MAX_IN_FLIGHT. */
final class VariableNames {
  static final String CONFIG = "POSTHASTE_CONFIG";

  private static final String PREFIX = "POSTHASTE_";
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  /** Kubernetes puts these into every pod for a service whose name begins with posthaste. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("POSTHASTE_(\\w+_)?(SERVICE_(HOST|PORT\\w*)|PORT_[0-9]+_(TCP|UDP|SCTP)\\w*)");

  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private final Map<String, String> paths = new TreeMap<>();

  VariableNames(Collection<String> paths) {
    paths.forEach(path -> this.paths.put(nameOf(path), path));
  }

  static String nameOf(String path) {
    String words = HUMP.matcher(path).replaceAll("_").replace('.', '_');
    return PREFIX + words.toUpperCase(Locale.ROOT);
  }

  Optional<String> pathOf(String name) {
    return Optional.ofNullable(paths.get(name));
  }

  Set<String> all() {
    return paths.keySet();
  }

  /** Whether somebody meant it for us and we do not know it. */
  boolean isUnknown(String name, String value) {
    return name.startsWith(PREFIX)
        && !name.equals(CONFIG)
        && !paths.containsKey(name)
        && !SERVICE_LINK.matcher(name).matches()
        && !SERVICE_ADDRESS.matcher(value).matches();
  }
}
