package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Verdict;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeRulesTest {
  @Test
  void standard_retries_all_but_success_and_gone() {
    assertEveryStatus(
        "standard",
        status ->
            success(status) ? Verdict.DELIVERED : status == 410 ? Verdict.GONE : Verdict.RETRY);
  }

  @Test
  void agentpost_retries_all_but_success_and_gone() {
    assertEveryStatus(
        "agentpost",
        status ->
            success(status) ? Verdict.DELIVERED : status == 410 ? Verdict.GONE : Verdict.RETRY);
  }

  @Test
  void casedev_retries_only_what_may_pass() {
    assertEveryStatus(
        "casedev",
        status -> {
          if (success(status)) {
            return Verdict.DELIVERED;
          }
          if (status == 410) {
            return Verdict.GONE;
          }
          boolean passing = status == 408 || status == 429 || status >= 500;
          return passing ? Verdict.RETRY : Verdict.FAILED;
        });
  }

  @Test
  void offload_never_retries() {
    assertEveryStatus("offload", status -> success(status) ? Verdict.DELIVERED : Verdict.FAILED);
  }

  @ParameterizedTest
  @EnumSource(Reply.Reason.class)
  void no_answer_is_retried_except_by_offload(Reply.Reason reason) {
    Reply reply = new Reply.Unanswered(reason, "", 1, Optional.empty());

    assertThat(verdict("standard", reply)).isEqualTo(Verdict.RETRY);
    assertThat(verdict("casedev", reply)).isEqualTo(Verdict.RETRY);
    assertThat(verdict("agentpost", reply)).isEqualTo(Verdict.RETRY);
    assertThat(verdict("offload", reply)).isEqualTo(Verdict.FAILED);
  }

  @Test
  void a_status_beyond_http_counts_as_no_answer() {
    for (int status : new int[] {0, 99, 600, 999}) {
      assertThat(verdict("casedev", answered(status))).isEqualTo(Verdict.RETRY);
      assertThat(verdict("offload", answered(status))).isEqualTo(Verdict.FAILED);
    }
  }

  private static void assertEveryStatus(String contract, IntFunction<Verdict> expected) {
    assertThat(IntStream.range(100, 600))
        .allSatisfy(
            status ->
                assertThat(verdict(contract, answered(status))).isEqualTo(expected.apply(status)));
  }

  private static Verdict verdict(String contract, Reply reply) {
    return Samples.contract(contract).outcomes().verdict(reply);
  }

  private static boolean success(int status) {
    return status >= 200 && status < 300;
  }

  private static Reply answered(int status) {
    return new Reply.Answered(status, "", Optional.empty(), 1, Optional.empty());
  }
}
