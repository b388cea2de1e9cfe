package dev.posthaste.loadtest.torture;

/** How an endpoint treats what comes. The same event gets the same treatment in every run. */
enum Manner {
  TAKES(0, 0),
  TAKES_LATE(0, 300),
  /** Some events once or twice with 500, silence or a reset, then takes them. */
  SHAKY(40, 0),
  /** Few events once, then takes them. */
  MOSTLY(3, 0),
  /** Some events never, the others at once. */
  NEVER_SOME(10, 0),
  REFUSES(100, 0);

  private static final int SPREAD = 0x9E3779B9;

  private final int refusedPercent;
  private final int delayMillis;

  Manner(int refusedPercent, int delayMillis) {
    this.refusedPercent = refusedPercent;
    this.delayMillis = delayMillis;
  }

  /** What it does with an attempt. */
  enum Deed {
    TAKE,
    REFUSE,
    HANG,
    RESET
  }

  /** How long it thinks before it takes. */
  int delayMillis() {
    return delayMillis;
  }

  boolean takesAll() {
    return this != REFUSES && this != NEVER_SOME;
  }

  /** What it does with the next attempt of an event of which some have come before. */
  Deed deed(int number, int before) {
    int hash = (number * SPREAD) >>> 8;
    if (this == REFUSES) {
      return Deed.REFUSE;
    }
    int refusals = hash % 100 < refusedPercent ? 1 : 0;
    if (this == NEVER_SOME) {
      return refusals > 0 ? Deed.REFUSE : Deed.TAKE;
    }
    if (this != SHAKY) {
      return before < refusals ? Deed.REFUSE : Deed.TAKE;
    }
    if (before >= refusals * (1 + hash / 100 % 2)) {
      return Deed.TAKE;
    }
    return switch (hash / 200 % 16) {
      case 0 -> Deed.HANG;
      case 1, 2, 3 -> Deed.RESET;
      default -> Deed.REFUSE;
    };
  }
}
