package dev.posthaste.dispatch;

import dev.posthaste.contract.RetrySchedule;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Ordering;
import dev.posthaste.event.Reply;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What follows when an ordered delivery fails for good: where its endpoint says so it is tried
 * again, at the last wait of its schedule, until it is taken.
 */
final class OrderPolicy {
  /** Where the schedule has no wait at all. */
  private static final Duration WITHOUT_SCHEDULE = Duration.ofMinutes(1);

  private final Clock clock;
  private final RandomGenerator random;

  OrderPolicy(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** The judgement itself, except where the delivery has to block those behind it. */
  Judge apply(Judge judge, Delivery delivery, Channel channel, Reply reply) {
    boolean blocks =
        delivery.order().isPresent()
            && judge.outcome() == Attempt.Outcome.FAILED
            && !judge.gone()
            && channel
                .endpoint()
                .ordering()
                .filter(order -> order.onFailure() == Ordering.OnFailure.BLOCK)
                .isPresent();
    return blocks
        ? new Judge(Attempt.Outcome.RETRYING, Optional.of(lastWait(channel, reply)), false)
        : judge;
  }

  private RetrySchedule.Retry lastWait(Channel channel, Reply reply) {
    RetrySchedule schedule = schedule(channel);
    return schedule
        .after(schedule.maxAttempts() - 1, retryAfter(reply), clock.instant(), random)
        .map(retry -> new RetrySchedule.Retry(retry.delay(), false))
        .orElseThrow();
  }

  private static RetrySchedule schedule(Channel channel) {
    RetrySchedule contract = channel.contract().retry();
    List<Duration> waits =
        channel
            .endpoint()
            .retryDelays()
            .or(() -> Optional.of(contract.background()).filter(given -> !given.isEmpty()))
            .or(() -> Optional.of(contract.inline()).filter(given -> !given.isEmpty()))
            .orElse(List.of(WITHOUT_SCHEDULE));
    return new RetrySchedule(List.of(), waits, contract.jitterPercent());
  }

  private static Optional<String> retryAfter(Reply reply) {
    return reply instanceof Reply.Answered answered ? answered.retryAfter() : Optional.empty();
  }
}
