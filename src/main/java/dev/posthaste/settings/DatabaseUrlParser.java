package dev.posthaste.settings;

import dev.posthaste.settings.DatabaseUrl.SslMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a database URL apart. Messages never quote it: it holds a password. */
final class DatabaseUrlParser {
  private static final int MAX_PORT = 65_535;
  private static final String DEFAULT_PORT = "5432";
  private static final Set<String> PARAMETERS = Set.of("sslmode", "sslrootcert");
  private static final Pattern URL =
      Pattern.compile(
          "postgres(?:ql)?://(?<user>[^:@/?#\\s]+)(?::(?<password>[^@/?#\\s]*))?"
              + "@(?:\\[(?<v6>[0-9A-Fa-f:.]+)]|(?<host>[A-Za-z0-9._-]+))(?::(?<port>[0-9]{1,5}))?"
              + "(?:/(?<database>[^/?#\\s]*))?(?:\\?(?<query>[^#\\s]*))?");
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final String FORM =
      "must be postgresql://user:password@host:port/database?sslmode=…"
          + " (percent-encode special characters of the password, such as @ : / ? # %)";

  private DatabaseUrlParser() {}

  static DatabaseUrl parse(String text) {
    Matcher url = URL.matcher(text);
    if (!url.matches() || BAD_ESCAPE.matcher(text).find()) {
      throw new IllegalArgumentException(FORM);
    }
    String user = decode(url.group("user"));
    String database = decode(orElse(url.group("database"), ""));
    Map<String, String> parameters = parameters(url.group("query"));
    return new DatabaseUrl(
        orElse(url.group("host"), url.group("v6")),
        port(orElse(url.group("port"), DEFAULT_PORT)),
        user,
        new Secret(decode(orElse(url.group("password"), ""))),
        database.isEmpty() ? user : database,
        sslMode(parameters.getOrDefault("sslmode", "prefer")),
        Optional.ofNullable(parameters.get("sslrootcert")).map(DatabaseUrlParser::certificate));
  }

  private static int port(String text) {
    int port = Integer.parseInt(text);
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("the port must be from 1 to " + MAX_PORT);
    }
    return port;
  }

  private static Path certificate(String file) {
    try {
      return Forms.readableFile().parse(file);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("sslrootcert " + e.getMessage(), e);
    }
  }

  private static String orElse(String text, String fallback) {
    return text == null ? fallback : text;
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      if (parts.length < 2 || !PARAMETERS.contains(parts[0])) {
        throw new IllegalArgumentException("has a parameter other than sslmode and sslrootcert");
      }
      parameters.put(parts[0], decode(parts[1]));
    }
    return parameters;
  }

  private static SslMode sslMode(String text) {
    return Arrays.stream(SslMode.values())
        .filter(mode -> Forms.lower(mode).replace('_', '-').equals(text))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "sslmode must be one of disable, allow, prefer, require, verify-ca,"
                        + " verify-full"));
  }

  private static String decode(String text) {
    // A plus is a plus here, not a space as in forms.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
