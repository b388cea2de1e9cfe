package dev.posthaste.settings;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The forms that values take. */
final class Forms {
  private static final Pattern FRACTION = Pattern.compile("0(\\.[0-9]{1,9})?|1(\\.0{1,9})?");
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,10}");

  private Forms() {}

  static Form<String> text(String what) {
    return text -> {
      require(!text.isBlank(), "must be " + what);
      return text;
    };
  }

  static Form<Integer> number(int min, int max) {
    return text -> {
      boolean valid =
          WHOLE_NUMBER.matcher(text).matches() && within(Long.parseLong(text), min, max);
      require(valid, "must be a whole number from " + min + " to " + max);
      return Integer.valueOf(text);
    };
  }

  static Form<Integer> bytes(String min, String max) {
    Form<Long> form = manyBytes(min, max);
    return text -> Math.toIntExact(form.parse(text));
  }

  /** Sizes beyond 2 GiB. */
  static Form<Long> manyBytes(String min, String max) {
    long low = Units.bytes(min).orElseThrow();
    long high = Units.bytes(max).orElseThrow();
    return text ->
        Units.bytes(text)
            .filter(bytes -> within(bytes, low, high))
            .orElseThrow(
                () -> wrong("must be a size from " + min + " to " + max + ", like 64KiB or 4MiB"));
  }

  static Form<Duration> duration(String min, String max) {
    long low = Units.duration(min).orElseThrow().toMillis();
    long high = Units.duration(max).orElseThrow().toMillis();
    return text ->
        Units.duration(text)
            .filter(duration -> within(duration.toMillis(), low, high))
            .orElseThrow(
                () ->
                    wrong(
                        "must be a duration from "
                            + min
                            + " to "
                            + max
                            + ", like 250ms, 5s, 10m, 2h or 30d"));
  }

  static Form<Double> fraction() {
    return text -> {
      require(FRACTION.matcher(text).matches(), "must be a number from 0 to 1, like 0.05");
      return Double.valueOf(text);
    };
  }

  static Form<URI> httpUrl() {
    return text -> {
      URI url = parsed(text).orElseThrow(() -> wrong("must be a URL"));
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      require(
          isHttp && url.getHost() != null, "must be a URL like http://collector:4318/v1/traces");
      return url;
    };
  }

  /** A URL that paths are put behind. */
  static Form<URI> baseUrl() {
    return text -> {
      URI url = parsed(text).orElseThrow(() -> wrong("must be a URL"));
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      require(
          isHttp
              && url.getHost() != null
              && url.getQuery() == null
              && url.getFragment() == null
              && !text.endsWith("/"),
          "must be a URL like https://hooks.example.com, without a slash at its end");
      return url;
    };
  }

  private static Optional<URI> parsed(String text) {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Form<Boolean> flag() {
    return text -> {
      require(text.equals("true") || text.equals("false"), "must be true or false");
      return Boolean.valueOf(text);
    };
  }

  static <E extends Enum<E>> Form<E> choice(Class<E> type) {
    return text ->
        Arrays.stream(type.getEnumConstants())
            .filter(constant -> lower(constant).equals(text))
            .findAny()
            .orElseThrow(() -> wrong("must be one of " + allowed(type)));
  }

  private static <E extends Enum<E>> String allowed(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Forms::lower)
        .collect(Collectors.joining(", "));
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static Form<Path> path() {
    return text -> {
      require(!text.isBlank(), "must be a path");
      try {
        return Path.of(text);
      } catch (InvalidPathException e) {
        throw wrong("must be a path");
      }
    };
  }

  static Form<Path> readableFile() {
    return existing(
        file -> Files.isRegularFile(file) && Files.isReadable(file),
        "must be a file that exists and can be read");
  }

  static Form<Path> folder() {
    return existing(Files::isDirectory, "must be empty or a folder that exists");
  }

  private static Form<Path> existing(Predicate<Path> condition, String message) {
    return text -> {
      Path path = path().parse(text);
      require(condition.test(path), message);
      return path;
    };
  }

  /** A form whose text is never quoted. */
  static <T> Form<T> secret(Function<String, T> parse) {
    return new Form<>() {
      @Override
      public T parse(String text) {
        return parse.apply(text);
      }

      @Override
      public boolean isSecret() {
        return true;
      }
    };
  }

  private static boolean within(long value, long min, long max) {
    return value >= min && value <= max;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw wrong(message);
    }
  }

  private static IllegalArgumentException wrong(String message) {
    return new IllegalArgumentException(message);
  }
}
