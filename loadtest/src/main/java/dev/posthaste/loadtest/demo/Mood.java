package dev.posthaste.loadtest.demo;

/** How an endpoint of the demo behaves. */
enum Mood {
  HEALTHY("answers 200", true),
  RECOVERING("500 twice for its first events, then 200", true),
  HANGING("never answers", false),
  GONE("410, so it is disabled", false),
  BROKEN("always 500", false);

  private final String words;
  private final boolean takesAll;

  Mood(String words, boolean takesAll) {
    this.words = words;
    this.takesAll = takesAll;
  }

  String words() {
    return words;
  }

  /** Whether every event for it arrives in the end. */
  boolean takesAll() {
    return takesAll;
  }
}
