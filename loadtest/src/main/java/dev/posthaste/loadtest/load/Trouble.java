package dev.posthaste.loadtest.load;

import io.vertx.core.json.JsonArray;

/** What is wrong with an endpoint. All of them take everything in the end. */
enum Trouble {
  NONE,
  SLOW,
  HANGS,
  FAILS;

  /** Soon and often, so that what hung or failed comes within the run. */
  static final JsonArray RETRIES = retries();

  private static final int TENTH = 10;
  private static final int FIRST_SECONDS = 15;

  private static JsonArray retries() {
    JsonArray seconds = new JsonArray();
    for (int i = 0; i < 20; i++) {
      seconds.add(1 + i);
    }
    return seconds;
  }

  /** Three of ten have one, spread over the numbers. */
  static Trouble of(int endpoint) {
    return switch (endpoint % TENTH) {
      case 2 -> SLOW;
      case 5 -> HANGS;
      case 8 -> FAILS;
      default -> NONE;
    };
  }

  /**
   * Where the receiver behaves so.
   *
   * @param seconds for how long it hangs or fails
   */
  String path(int seconds) {
    return switch (this) {
      case NONE -> "/ok";
      case SLOW -> "/delay/500";
      case HANGS -> "/script/ok-%d.hang-%d.ok".formatted(FIRST_SECONDS, seconds);
      case FAILS -> "/script/ok-%d.fail-%d.ok".formatted(FIRST_SECONDS, seconds);
    };
  }
}
