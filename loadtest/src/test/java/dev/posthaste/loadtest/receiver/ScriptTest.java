package dev.posthaste.loadtest.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ScriptTest {
  @Test
  void goesFromStepToStepAndStaysAtTheLast() {
    Script script = Script.of("/script/ok-5.delay_20-10.fail-1.ok/7");

    assertThat(script.at(4)).isEqualTo(new Behaviour(200, 0, 0));
    assertThat(script.at(5)).isEqualTo(new Behaviour(200, 20, 0));
    assertThat(script.at(15)).isEqualTo(new Behaviour(500, 0, 0));
    assertThat(script.at(1_000)).isEqualTo(new Behaviour(200, 0, 0));
  }

  @Test
  void doesNotTakeWhatHangs() {
    assertThat(Script.of("/script/hang-5.ok").at(0).takes()).isFalse();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> Script.of("/script/dance-5.ok"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
