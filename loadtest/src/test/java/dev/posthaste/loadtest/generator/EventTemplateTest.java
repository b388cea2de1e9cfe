package dev.posthaste.loadtest.generator;

import static org.assertj.core.api.Assertions.assertThat;

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
    EventTemplate template = EventTemplate.of(TARGET, 3, List.of("bench.001"), 500);

    JsonObject event = new JsonObject(body(template, 42));

    assertThat(event.getString("type")).isEqualTo("bench.001");
    JsonObject data = event.getJsonObject("data");
    assertThat(data.encode()).hasSize(500);
    assertThat(data.getString("run")).isEqualTo("0003");
    assertThat(data.getString("n")).isEqualTo("0000000042");
    assertThat(data.getString("at")).isEqualTo("1700000000000000");
  }

  @Test
  void numbersTheEventsOfABatch() {
    EventTemplate template = EventTemplate.of(TARGET, 3, List.of("a", "b", "a"), 200);

    JsonArray events = new JsonArray(body(template, 7));

    assertThat(template.events()).isEqualTo(3);
    assertThat(events.getJsonObject(2).getJsonObject("data").getString("n"))
        .isEqualTo("0000000009");
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
