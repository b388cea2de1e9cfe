package dev.posthaste.send;

/** How far a send has come. */
enum SendPhase {
  LOOK_UP("looking up the name"),
  CONNECT("connecting"),
  ANSWER("waiting for the answer"),
  BODY("reading the answer");

  private final String words;

  SendPhase(String words) {
    this.words = words;
  }

  /** For a sentence: "timed out while …". */
  String words() {
    return words;
  }
}
