package dev.posthaste.api;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.OptionalLong;

/**
 * The events that were accepted between {@code since} and {@code until}, as a range of ids.
 *
 * @param lowest included, like the highest
 */
record TimeRange(long lowest, long highest) {
  static TimeRange of(ApiCall call) {
    return new TimeRange(
        millis(call, "since").stream().map(IdGenerator::lowestAt).findFirst().orElse(0),
        millis(call, "until").stream()
            .map(until -> IdGenerator.lowestAt(until) - 1)
            .findFirst()
            .orElse(Long.MAX_VALUE));
  }

  /** A parameter in milliseconds since 1970. */
  static OptionalLong millis(ApiCall call, String name) {
    return call.text(name)
        .map(text -> OptionalLong.of(millis(name, text)))
        .orElse(OptionalLong.empty());
  }

  private static long millis(String name, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw invalid(name, "must be a time such as 2026-01-31T12:00:00Z (a + in it is sent as %2B)");
    }
  }

  /** A fault of a parameter of the query. */
  static ProblemException invalid(String name, String message) {
    return new ProblemException(Problem.invalid(List.of(new Fault("/query/" + name, message))));
  }
}
