package dev.posthaste.openapi;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Spoils one place of a JSON body, or the whole of it. */
final class Mutation {
  /** As they stand in the text: some are no JSON. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1.5",
          "-0",
          "1e999",
          "-1e-999",
          "9223372036854775808",
          "123456789012345678901234567890",
          "\"\"",
          "\" \"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\u202e\\ufeff\"",
          "\"😀漢é\"",
          "\"a\\nb\\r\\n\"",
          "\"' OR 1=1 --\"",
          "\"../..\"",
          "\"https://\"",
          "\"http://[::1\"",
          "\"https://user@host\"",
          "\"2026-13-45T99:99:99Z\"",
          "\"9999999999-01-01T00:00:00Z\"",
          "\"-999999999-01-01T00:00:00Z\"",
          "\"1969-12-31T23:59:59Z\"",
          "\"%00%ff\"",
          "[]",
          "{}",
          "[null]",
          "[[[]]]",
          "{\"\":null}",
          "NaN",
          "undefined",
          "'a'",
          "01",
          "tru",
          "\"\\x\"",
          "");

  private static final String MARK = "(place)";
  private static final String QUOTED_MARK = "\"" + MARK + "\"";

  private final Random random;

  Mutation(Random random) {
    this.random = random;
  }

  Buffer of(Object valid) {
    return switch (random.nextInt(8)) {
      case 0 -> broken(Samples.encoded(valid));
      case 1 -> Client.utf8(any(whole()));
      default ->
          valid instanceof JsonObject || valid instanceof JsonArray
              ? spoilt(valid)
              : Client.utf8(any(VALUES));
    };
  }

  private List<String> whole() {
    int depth = any(List.of(30, 990, 5_000));
    return List.of(
        "",
        " ",
        "null",
        "[]",
        "{}",
        "5",
        "\"text\"",
        "{} {}",
        "{}x",
        "\ufeff{}",
        "a=b&c=d",
        "<a/>",
        "[".repeat(depth),
        "[".repeat(depth) + "]".repeat(depth),
        "{\"a\":".repeat(depth),
        "\"" + "x".repeat(300_000) + "\"",
        "[" + "{},".repeat(1_100) + "{}]",
        "{\"" + "k".repeat(60_000) + "\":1}",
        "1".repeat(2_000));
  }

  /** Cut off, with a byte changed, or in no UTF-8. */
  private Buffer broken(Buffer body) {
    byte[] bytes = body.getBytes();
    if (bytes.length == 0) {
      return body;
    }
    int place = random.nextInt(bytes.length);
    return switch (random.nextInt(4)) {
      case 0 -> body.slice(0, place);
      case 1 -> body.copy().setByte(place, (byte) random.nextInt(256));
      case 2 -> Buffer.buffer(body.toString().getBytes(StandardCharsets.UTF_16));
      default -> body.copy().setByte(place, (byte) 0xff);
    };
  }

  /** One value replaced, left out, named twice or joined by one that is not known. */
  private Buffer spoilt(Object valid) {
    List<Place> places = new ArrayList<>();
    collect(copy(valid), places);
    if (places.isEmpty()) {
      return Client.utf8(any(VALUES));
    }
    Place place = any(places);
    switch (random.nextInt(6)) {
      case 0 -> place.remove();
      case 1 -> place.addUnknown();
      default -> place.mark();
    }
    String replacement =
        random.nextInt(6) == 0
            ? "\"" + "x".repeat(any(List.of(65, 129, 257, 2_049, 70_000))) + "\""
            : any(VALUES);
    return Client.utf8(place.root().replace(QUOTED_MARK, replacement));
  }

  private static Object copy(Object value) {
    return value instanceof JsonObject object ? object.copy() : ((JsonArray) value).copy();
  }

  private static void collect(Object root, List<Place> places) {
    collect(root, root, places);
  }

  private static void collect(Object root, Object inside, List<Place> places) {
    if (inside instanceof JsonObject object) {
      for (Map.Entry<String, Object> entry : object.copy()) {
        places.add(new Place(root, object, entry.getKey()));
        collect(root, object.getValue(entry.getKey()), places);
      }
    } else if (inside instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        places.add(new Place(root, array, Integer.toString(i)));
        collect(root, array.getValue(i), places);
      }
    }
  }

  private <T> T any(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  /** A value by the object or list that it is in. */
  private record Place(Object top, Object inside, String name) {
    void mark() {
      if (inside instanceof JsonObject object) {
        object.put(name, MARK);
      } else {
        ((JsonArray) inside).set(Integer.parseInt(name), MARK);
      }
    }

    void addUnknown() {
      if (inside instanceof JsonObject object) {
        object.put(name + "X", 1);
      } else {
        ((JsonArray) inside).add("more");
      }
    }

    void remove() {
      if (inside instanceof JsonObject object) {
        object.remove(name);
      } else {
        ((JsonArray) inside).remove(Integer.parseInt(name));
      }
    }

    /** The whole text. */
    String root() {
      return Samples.encoded(top).toString();
    }
  }
}
