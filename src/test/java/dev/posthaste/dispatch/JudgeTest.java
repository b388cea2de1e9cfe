package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.contract.ContractReader;
import dev.posthaste.contract.RetrySchedule.Retry;
import dev.posthaste.dispatch.Judge.Sign;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import dev.posthaste.support.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JudgeTest {
  private static final Instant NOW = Instant.parse("1994-11-06T08:48:37Z");

  private final Channel channel =
      Channel.open(
          Samples.endpoint(11, 1, "http://127.0.0.1"),
          Samples.tenant(1, "acme"),
          ContractReader.read(Optional.empty()),
          true);

  @ParameterizedTest
  @CsvSource({
    "200, WELL, false",
    "204, WELL, false",
    "302, WELL, false",
    "400, WELL, false",
    "404, WELL, false",
    "410, WELL, false",
    "428, WELL, false",
    "429, FAILS, true",
    "430, WELL, false",
    "499, WELL, false",
    "500, FAILS, false",
    "502, FAILS, false",
    "503, FAILS, true",
    "504, FAILS, false",
    "599, FAILS, false"
  })
  void anAnswerTellsWhetherTheEndpointIsWellAndWhetherItHasTooMuch(
      int status, Sign sign, boolean overload) {
    Reply reply = answered(status, Optional.empty());
    assertThat(Judge.sign(reply)).isEqualTo(sign);
    assertThat(Judge.isOverload(reply)).isEqualTo(overload);
  }

  @ParameterizedTest
  @CsvSource({
    "TIMEOUT, FAILS, true",
    "CONNECT, FAILS, true",
    "RESET, FAILS, true",
    "DNS, FAILS, false",
    "TLS, FAILS, false",
    "INVALID_RESPONSE, FAILS, false",
    "TARGET_NOT_ALLOWED, NOTHING, false",
    "INTERNAL, NOTHING, false"
  })
  void soDoesHowAnAnswerFailsToCome(Reason reason, Sign sign, boolean overload) {
    Reply reply = unanswered(reason);
    assertThat(Judge.sign(reply)).isEqualTo(sign);
    assertThat(Judge.isOverload(reply)).isEqualTo(overload);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120|PT2M",
        "Sun, 06 Nov 1994 08:49:37 GMT|PT1M",
        "Sun, 06 Nov 1994 08:00:00 GMT|PT0S",
        "604800|PT24H",
        "soon|PT0S"
      })
  void anEndpointIsLeftAloneAsLongAsItAsks(String retryAfter, Duration floor) {
    for (int status : new int[] {200, 429, 503}) {
      assertThat(Judge.floorNanos(answered(status, Optional.of(retryAfter)), NOW))
          .isEqualTo(floor.toNanos());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEndpointThatSaysNothingAsksForNothing(Reason reason) {
    assertThat(Judge.floorNanos(unanswered(reason), NOW)).isZero();
    assertThat(Judge.floorNanos(answered(503, Optional.empty()), NOW)).isZero();
  }

  @Test
  void aRetryWaitsAsLongAsTheEndpointAsksUnlessItsScheduleIsLonger() {
    Reply reply = answered(503, Optional.of("60"));
    Judge first = judge(1, reply);
    assertThat(first.outcome()).isEqualTo(Attempt.Outcome.RETRYING);
    assertThat(first.retry()).contains(new Retry(Duration.ofMinutes(1), false));
    // Five minutes, less a fifth.
    assertThat(judge(2, reply).retry().orElseThrow().delay())
        .isGreaterThanOrEqualTo(Duration.ofMinutes(4));
  }

  @Test
  void whatTheEndpointAsksForAfterTheLastAttemptChangesNothing() {
    Judge last = judge(channel.retry().maxAttempts(), answered(503, Optional.of("60")));
    assertThat(last).isEqualTo(new Judge(Attempt.Outcome.FAILED, Optional.empty(), false));
  }

  private Judge judge(int attemptNumber, Reply reply) {
    return Judge.of(channel, attemptNumber, reply, NOW, new SplittableRandom(4));
  }

  private static Reply answered(int status, Optional<String> retryAfter) {
    return new Reply.Answered(status, "", retryAfter, 1, Optional.empty());
  }

  private static Reply unanswered(Reason reason) {
    return new Reply.Unanswered(reason, "", 1, Optional.empty());
  }
}
