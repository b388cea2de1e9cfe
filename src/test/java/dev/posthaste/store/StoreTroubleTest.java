package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreTroubleTest {
  private static PgException told(String severity, String state) {
    return new PgException("it failed", severity, state, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"57P01", "57P02", "08000", "08003", "08006", "08007", "08P01", "40003"})
  void theEndOfAConnectionLeavesADoubtThoughItComesLikeAnAnswer(String state) {
    assertThat(StoreTrouble.isInDoubt(told("FATAL", state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "57P03", "57P05", "57014", "25P03", "08001", "08004", "53300", "53100", "28P01", "40001",
        "40P01", "23505", "58030"
      })
  void anyOtherAnswerSaysThatNothingWasCommitted(String state) {
    assertThat(StoreTrouble.isInDoubt(told("FATAL", state))).isFalse();
  }

  @Test
  void aServerThatCannotWriteItsLogLeavesADoubt() {
    assertThat(StoreTrouble.isInDoubt(told("PANIC", "53100"))).isTrue();
    assertThat(StoreTrouble.isInDoubt(told("ERROR", "53100"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22021", "22003", "23514", "23505", "54000"})
  void onlyWhatIsAboutTheContentIsRefusedForGood(String state) {
    assertThat(StoreTrouble.isRefused(told("ERROR", state))).isTrue();
    assertThat(StoreTrouble.isAway(told("ERROR", state))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"25006", "28P01", "28000", "3D000", "53100", "57P03", "08006"})
  void aSessionThatCannotBeHadOrMayOnlyReadIsAway(String state) {
    assertThat(StoreTrouble.isAway(told("FATAL", state))).isTrue();
    assertThat(StoreTrouble.isRefused(told("FATAL", state))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"42501", "42P01", "40P01", "40001", "25P02", "XX000", "0A000"})
  void whatSpeaksOfSomethingElseIsNeither(String state) {
    assertThat(StoreTrouble.isAway(told("ERROR", state))).isFalse();
    assertThat(StoreTrouble.isRefused(told("ERROR", state))).isFalse();
  }

  @Test
  void withoutAConnectionItIsAwayWhateverTheReason() {
    assertThat(StoreTrouble.isAway(new UnsentException(told("FATAL", "42501")))).isTrue();
    assertThat(StoreTrouble.isInDoubt(new UnsentException(told("FATAL", "57P01")))).isFalse();
    assertThat(StoreTrouble.isRefused(new UnsentException(told("FATAL", "22023")))).isFalse();
  }

  @Test
  void silenceLeavesADoubtAndWhatWasNeverSentDoesNot() {
    assertThat(StoreTrouble.isInDoubt(ClosedConnectionException.INSTANCE)).isTrue();
    assertThat(StoreTrouble.isInDoubt(new TimeoutException())).isTrue();
    assertThat(StoreTrouble.isInDoubt(new ConnectException("refused"))).isFalse();
    assertThat(StoreTrouble.isInDoubt(new UnsentException(new ConnectException()))).isFalse();
    assertThat(StoreTrouble.isInDoubt(new FencedException(1, 2))).isFalse();
  }
}
