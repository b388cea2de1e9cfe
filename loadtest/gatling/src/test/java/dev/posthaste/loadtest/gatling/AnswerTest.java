package dev.posthaste.loadtest.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class AnswerTest {
  @Test
  void hasTheIdOfAnAcceptedEvent() {
    assertThat(Answer.of(202, bytes("{\"id\":\"evt_1\",\"duplicate\":false}"), 1))
        .containsExactly(new Answer(202, "evt_1"));
  }

  @Test
  void tellsTheEventsOfABatchApart() {
    byte[] body = bytes("{\"results\":[{\"id\":\"evt_1\"},{\"error\":{\"status\":429}}]}");

    assertThat(Answer.of(202, body, 2))
        .containsExactly(new Answer(202, "evt_1"), new Answer(429, ""));
  }

  @Test
  void isTheSameForAllEventsOfARefusedRequest() {
    assertThat(Answer.of(503, bytes(""), 2))
        .containsExactly(new Answer(503, ""), new Answer(503, ""));
  }

  @Test
  void isNoneIfItWasCutOff() {
    assertThat(Answer.of(202, bytes("{\"resu"), 1)).containsExactly(new Answer(0, ""));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
