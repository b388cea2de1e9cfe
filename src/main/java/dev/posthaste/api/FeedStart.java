package dev.posthaste.api;

/**
 * Where a feed goes on: {@code start} or nothing for the oldest event that is kept, {@code now} for
 * what comes from now on, or the cursor of the page before.
 *
 * @param passed the last event that the client has seen; 0 at the start
 * @param highest the last event that may be shown: up to it all of them are there
 */
record FeedStart(long passed, long highest) {
  private static final String START = "start";
  private static final String NOW = "now";

  /**
   * @param horizon below which no event will ever be added
   * @param own what the cursors of this feed begin with, before the event; those of others are
   *     refused
   */
  static FeedStart of(ApiCall call, Cursor kind, long horizon, long... own) {
    if (call.text("cursor").isPresent()) {
      throw TimeRange.invalid("cursor", "is for the list, newest first: send it without after");
    }
    long highest = Math.max(0, horizon - 1);
    return switch (call.text("after").orElse(START)) {
      case "", START -> new FeedStart(0, highest);
      case NOW -> new FeedStart(highest, highest);
      case String cursor -> new FeedStart(kind.parse("after", cursor, own)[own.length], highest);
    };
  }

  /** Where the next page goes on if this one saw everything that may be shown. */
  long end() {
    return Math.max(passed, highest);
  }
}
