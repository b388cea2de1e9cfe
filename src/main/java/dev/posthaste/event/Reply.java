package dev.posthaste.event;

import java.util.Optional;

/** What came back from one attempt. */
public sealed interface Reply {
  /** From the start of the attempt to its end, in microseconds. */
  long latencyMicros();

  /** The address that was connected to, if it came that far: {@code 203.0.113.7:443}. */
  Optional<String> address();

  /**
   * The endpoint answered with a status.
   *
   * @param excerpt the first 16 KiB of the body, read as UTF-8; it is data, never markup
   * @param retryAfter the {@code Retry-After} header as it came
   */
  record Answered(
      int status,
      String excerpt,
      Optional<String> retryAfter,
      long latencyMicros,
      Optional<String> address)
      implements Reply {}

  /**
   * No usable answer.
   *
   * @param detail for the log and the operator, in words; never holds secrets
   */
  record Unanswered(Reason reason, String detail, long latencyMicros, Optional<String> address)
      implements Reply {}

  /** Why there was no answer. The code is what the API, the metrics and the tables show. */
  enum Reason {
    TIMEOUT(1, "timeout"),
    CONNECT(2, "connect_error"),
    DNS(3, "dns_error"),
    TLS(4, "tls_error"),
    RESET(5, "connection_reset"),
    INVALID_RESPONSE(6, "invalid_response"),
    TARGET_NOT_ALLOWED(7, "target_not_allowed"),
    /** The fault is ours; tried again like any other. */
    INTERNAL(8, "internal_error");

    private final int number;
    private final String code;

    Reason(int number, String code) {
      this.number = number;
      this.code = code;
    }

    /** Its number in the attempt table. */
    public int number() {
      return number;
    }

    public static Reason of(int number) {
      return values()[number - 1];
    }

    public String code() {
      return code;
    }
  }
}
