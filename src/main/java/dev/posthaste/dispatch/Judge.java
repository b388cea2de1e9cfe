package dev.posthaste.dispatch;

import dev.posthaste.contract.RetryAfter;
import dev.posthaste.contract.RetrySchedule;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Reply;
import dev.posthaste.event.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What follows from a reply.
 *
 * @param outcome how the delivery stands now
 * @param retry when and where it waits for the next attempt, if one follows
 * @param gone whether the endpoint wants nothing any more
 */
record Judge(Attempt.Outcome outcome, Optional<RetrySchedule.Retry> retry, boolean gone) {

  static Judge of(
      Channel channel, int attemptNumber, Reply reply, Instant now, RandomGenerator random) {
    Verdict verdict = channel.contract().outcomes().verdict(reply);
    return switch (verdict) {
      case DELIVERED -> new Judge(Attempt.Outcome.DELIVERED, Optional.empty(), false);
      case FAILED, GONE ->
          new Judge(Attempt.Outcome.FAILED, Optional.empty(), verdict == Verdict.GONE);
      case RETRY -> {
        Optional<RetrySchedule.Retry> retry =
            channel.retry().after(attemptNumber, retryAfter(reply), now, random);
        yield new Judge(
            retry.isPresent() ? Attempt.Outcome.RETRYING : Attempt.Outcome.FAILED, retry, false);
      }
    };
  }

  private static Optional<String> retryAfter(Reply reply) {
    return reply instanceof Reply.Answered answered ? answered.retryAfter() : Optional.empty();
  }

  /** How long the endpoint asks us to stay away, in nanoseconds; 0 if it does not. */
  static long floorNanos(Reply reply, Instant now) {
    return retryAfter(reply)
        .flatMap(text -> RetryAfter.parse(text, now))
        .map(Duration::toNanos)
        .orElse(0L);
  }

  /** What a reply says of the endpoint, whatever it means for its delivery. */
  enum Sign {
    WELL,
    FAILS,
    /** The fault is ours. */
    NOTHING
  }

  /** What the reply says of the endpoint. */
  static Sign sign(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered ->
          answered.status() == 429 || answered.status() >= 500 ? Sign.FAILS : Sign.WELL;
      case Reply.Unanswered unanswered ->
          switch (unanswered.reason()) {
            case TIMEOUT, CONNECT, RESET, DNS, TLS, INVALID_RESPONSE -> Sign.FAILS;
            case TARGET_NOT_ALLOWED, INTERNAL -> Sign.NOTHING;
          };
    };
  }

  /** Whether the reply says that the endpoint has more than it can take. */
  static boolean isOverload(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered -> answered.status() == 429 || answered.status() == 503;
      case Reply.Unanswered unanswered ->
          switch (unanswered.reason()) {
            case TIMEOUT, CONNECT, RESET -> true;
            case DNS, TLS, INVALID_RESPONSE, TARGET_NOT_ALLOWED, INTERNAL -> false;
          };
    };
  }
}
