package dev.posthaste.stream;

/** Why a stream ends, in the codes of RFC 6455 and in words of at most 123 bytes. */
enum Ending {
  TOO_SLOW(
      1008, "too slow: more waits than stream.maxWaiting; read faster, or ask for fewer types"),
  SILENT(1008, "silent: no answer to pings within stream.idleTimeout"),
  KEY_GONE(1008, "the key was revoked, has expired, or may not read this tenant's events any more"),
  STOPPING(1001, "this node stops; connect again");

  private final short code;
  private final String reason;

  Ending(int code, String reason) {
    this.code = (short) code;
    this.reason = reason;
  }

  short code() {
    return code;
  }

  String reason() {
    return reason;
  }
}
