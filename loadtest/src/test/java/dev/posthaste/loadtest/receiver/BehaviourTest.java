package dev.posthaste.loadtest.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BehaviourTest {
  @ParameterizedTest
  @CsvSource({
    "/ok, 200, 0, 0",
    "/ok/17, 200, 0, 0",
    "/gate/17, 200, 0, 0",
    "/delay/100/17, 200, 100, 0",
    "/fail/500, 500, 0, 0",
    "/hang, 200, -1, 0",
    "/gone/3, 410, 0, 0",
    "/flaky/3/x, 200, 0, 3",
    "/again/2/7, 200, 0, 1",
    "/whatever, 404, 0, 0",
    "/, 404, 0, 0"
  })
  void followsFromThePath(String path, int status, int delayMillis, int refusals) {
    Behaviour asked = Behaviour.of(path);

    assertThat(asked.status()).isEqualTo(status);
    assertThat(asked.delayMillis()).isEqualTo(delayMillis);
    assertThat(asked.refusals()).isEqualTo(refusals);
    assertThat(asked.closes()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"/ok, 0", "/ok/17, 17", "/delay/100/17, 17", "/once/3, 3", "/flaky/3/x, 0"})
  void thePathEndsWithTheNumberOfTheEndpoint(String path, int endpoint) {
    assertThat(Behaviour.of(path).endpoint()).isEqualTo(endpoint);
  }

  @Test
  void aRefusalThatNamesATimeIsOfTheEventAlone() {
    assertThat(Behaviour.of("/again/2/7").againSeconds()).isEqualTo(2);
    assertThat(Behaviour.of("/again/2/7").refusalStatus()).isEqualTo(409);
    assertThat(Behaviour.of("/flaky/3").refusalStatus()).isEqualTo(503);
  }

  @Test
  void onceIsTheLastOnItsConnection() {
    assertThat(Behaviour.of("/once/3")).isEqualTo(new Behaviour(200, 0, 0, 0, true, 3));
  }
}
