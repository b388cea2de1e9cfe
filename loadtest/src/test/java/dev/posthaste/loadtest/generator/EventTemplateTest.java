package dev.posthaste.loadtest.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.loadtest.generator.EventTemplate.Kind;
import dev.posthaste.loadtest.wire.MessageStream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventTemplateTest {
  private static final EventTemplate.Target TARGET = new EventTemplate.Target(8080, "key");

  @Test
  void fillsOneEventOfTheSizeThatWasAskedFor() {
    EventTemplate template =
        EventTemplate.of(TARGET, List.of("bench.001"), new Kind(3, 500, false));

    JsonObject event = new JsonObject(body(template, 42));

    assertThat(event.getString("type")).isEqualTo("bench.001");
    assertThat(event.containsKey("id")).isFalse();
    JsonObject data = event.getJsonObject("data");
    assertThat(data.encode()).hasSize(500);
    assertThat(data.getString("run")).isEqualTo("0003");
    assertThat(data.getString("n")).isEqualTo("0000000042");
    assertThat(data.getString("at")).isEqualTo("1700000000000000");
  }

  @Test
  void numbersTheEventsOfABatchAndTheirIds() {
    EventTemplate template =
        EventTemplate.of(TARGET, List.of("a", "b", "a"), new Kind(3, 200, true));

    JsonArray events = new JsonArray(body(template, 7));

    assertThat(template.events()).isEqualTo(3);
    assertThat(events.getJsonObject(2).getJsonObject("data").getString("n"))
        .isEqualTo("0000000009");
    assertThat(events.getJsonObject(2).getString("id")).isEqualTo("bench-0003-0000000009");
  }

  private static String body(EventTemplate template, int first) {
    List<String> bodies = new ArrayList<>();
    new MessageStream(
            (bytes, start, bodyStart, end) ->
                bodies.add(
                    new String(bytes, bodyStart, end - bodyStart, StandardCharsets.US_ASCII)))
        .feed(template.fill(first, 1_700_000_000_000_000L).getBytes());
    assertThat(bodies).hasSize(1);
    return bodies.getFirst();
  }
}
