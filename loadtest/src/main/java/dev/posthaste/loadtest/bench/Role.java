package dev.posthaste.loadtest.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What an endpoint does with what it gets. */
enum Role {
  HEALTHY("/ok"),
  SECURE("/ok", 1),
  /** Closes the connection after each answer and resumes no session. */
  SECURE_ONCE("/once", 1),
  /** Closes the connection after each answer. */
  RESUMING("/once", 2),
  SLOW("/delay/100"),
  VERY_SLOW("/delay/500"),
  HANGING("/hang"),
  FAILING("/fail/500"),
  /** As a healthy one until the receiver turns. */
  TURNS_TO_HANG("/then/hang"),
  TURNS_TO_FAIL("/then/fail/500"),
  /** Takes everything, but wants 10 a second and is sent many times that. */
  FLOODED("/ok"),
  /** Takes each event when it comes for the second time, two seconds after the first. */
  RETRIED("/again/2"),
  /** Takes everything while the gate is open, and refuses everything while it is closed. */
  GATED("/gate");

  private static final int FLOODED_PER_SECOND = 10;

  /** Less than the receiver asks for, so that what it asks for is what counts. */
  private static final int RETRIED_AFTER_SECONDS = 1;

  private final String path;
  private final int door;

  Role(String path) {
    this(path, 0);
  }

  /** The receiver has TLS on the port after its first, and with tickets on the one after that. */
  Role(String path, int door) {
    this.path = path;
    this.door = door;
  }

  /**
   * Who is disturbed among a hundred: ten hang, ten answer 500, one is flooded. They are spread
   * over the numbers, so that no event loop of the server has all of them.
   */
  static Role ofHundred(int endpoint) {
    return switch (endpoint % 10) {
      case 3 -> HANGING;
      case 6 -> FAILING;
      default -> endpoint == 99 ? FLOODED : HEALTHY;
    };
  }

  /** The same ones are disturbed, but all of them are healthy until the receiver turns. */
  static Role ofHundredThatTurn(int endpoint) {
    return switch (ofHundred(endpoint)) {
      case HANGING -> TURNS_TO_HANG;
      case FAILING -> TURNS_TO_FAIL;
      default -> HEALTHY;
    };
  }

  /** Beside ten healthy ones one that takes retries and, as the last, the one that goes down. */
  static Role ofTwelve(int endpoint) {
    return switch (endpoint) {
      case 10 -> RETRIED;
      case 11 -> GATED;
      default -> HEALTHY;
    };
  }

  /**
   * The body that creates the endpoint. Each one has a loopback address of its own, so that it is a
   * host of its own.
   */
  JsonObject endpoint(int number, int port) {
    JsonObject body = new JsonObject().put("url", url(number, port));
    if (this == FLOODED) {
      body.put("rateLimit", new JsonObject().put("count", FLOODED_PER_SECOND).put("perSeconds", 1));
    }
    if (this == RETRIED) {
      body.put("retryDelaysSec", JsonArray.of(RETRIED_AFTER_SECONDS));
    }
    return body;
  }

  String url(int number, int port) {
    return "%s://127.0.%d.%d:%d%s/%d"
        .formatted(
            door == 0 ? "http" : "https",
            number / 250,
            number % 250 + 1,
            port + door,
            path,
            number);
  }
}
