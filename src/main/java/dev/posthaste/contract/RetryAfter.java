package dev.posthaste.contract;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The {@code Retry-After} header of RFC 9110, 10.2.3: seconds, or a date in any of the three forms
 * of section 5.6.7. Receivers write all sorts of things there, so what cannot be read is ignored.
 */
public final class RetryAfter {
  /** The longest wait that a receiver may ask for. */
  public static final Duration CAP = Duration.ofHours(24);

  private static final Pattern SECONDS = Pattern.compile("\\+?(\\d{1,40})(?:\\.(\\d{1,40}))?");
  private static final int LONGEST = 64;

  /** Not looked at: receivers get it wrong, and the rest says it all. */
  private static final Pattern DAY_OF_WEEK = Pattern.compile("^[A-Za-z]{3,9},?\\s+");

  private static final DateTimeFormatter IMF_FIXDATE = form("d MMM uuuu HH:mm:ss 'GMT'");
  private static final DateTimeFormatter ASCTIME = form("MMM d HH:mm:ss uuuu");

  private RetryAfter() {}

  /**
   * How long the receiver asks us to stay away: between zero (a date gone by) and {@link #CAP}.
   *
   * @param text the header as it came
   * @return empty if it says nothing usable
   */
  public static Optional<Duration> parse(String text, Instant now) {
    String value = text.strip();
    if (value.isEmpty() || value.length() > LONGEST) {
      return Optional.empty();
    }
    Matcher seconds = SECONDS.matcher(value);
    Optional<Duration> wait =
        seconds.matches()
            ? Optional.of(secondsOf(seconds))
            : dateOf(value, now).map(date -> Duration.between(now, date));
    return wait.map(RetryAfter::bounded);
  }

  private static Duration secondsOf(Matcher seconds) {
    String digits = seconds.group(1);
    if (digits.length() > 9) {
      return digits.chars().allMatch(c -> c == '0') ? Duration.ZERO : CAP;
    }
    // Parts of a second count as a whole one: never come back too early.
    return Duration.ofSeconds(Long.parseLong(digits) + (seconds.group(2) == null ? 0 : 1));
  }

  private static Optional<Instant> dateOf(String value, Instant now) {
    String date = DAY_OF_WEEK.matcher(value).replaceFirst("").replaceAll("\\s+", " ");
    return Stream.of(IMF_FIXDATE, ASCTIME, rfc850(now))
        .flatMap(form -> parsed(date, form).stream())
        .findFirst();
  }

  private static Optional<Instant> parsed(String date, DateTimeFormatter form) {
    try {
      return Optional.of(form.parse(date, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(CAP) > 0 ? CAP : wait;
  }

  /** Two digits of a year mean at most 50 years ahead. */
  private static DateTimeFormatter rfc850(Instant now) {
    LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern("d-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, today.minusYears(49))
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }

  private static DateTimeFormatter form(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }
}
