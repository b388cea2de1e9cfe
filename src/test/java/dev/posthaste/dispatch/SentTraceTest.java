package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Event;
import dev.posthaste.event.TraceContext;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import dev.posthaste.support.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What receivers learn of the trace of an event. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SentTraceTest {
  private static final TraceContext TRACE =
      TraceContext.read("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=a")
          .orElseThrow();
  private DispatchRig rig;

  @BeforeAll
  void open(DatabaseUrl url) {
    rig = new DispatchRig(url, Tuning.PLAIN);
  }

  @AfterAll
  void close() {
    rig.close();
  }

  @Test
  void eachAttemptIsAnotherSpanOfTheSameTraceAlsoAfterAWaitInTheTable() {
    rig.receiver.answer("/twice", got -> Answer.of(got.number() == 1 ? 500 : 200));
    long endpoint = wanting("/twice", Map.of("Traceparent", "mine", "x-mine", "kept"));
    send(endpoint, Optional.of(TRACE));
    await().until(() -> rig.attempts(endpoint), List.of("1:2:500", "2:1:200")::equals);
    List<Received> received = rig.receiver.received("/twice");
    assertThat(received)
        .allSatisfy(
            one -> {
              assertThat(one.headers().getAll("traceparent")).hasSize(1);
              assertThat(one.headers().get("tracestate")).isEqualTo("vendor=a");
              assertThat(one.headers().get("x-mine")).isEqualTo("kept");
            });
    assertThat(received)
        .extracting(one -> TraceContext.read(one.headers().get("traceparent"), null).orElseThrow())
        .allMatch(context -> context.traceId().equals(TRACE.traceId()) && context.isSampled())
        .extracting(TraceContext::spanId)
        .doesNotContain(TRACE.spanId())
        .doesNotHaveDuplicates();
  }

  @Test
  void anEndpointThatDoesNotWantItGetsNothing() {
    long endpoint = rig.endpoint("/unwanted", "standard");
    send(endpoint, Optional.of(TRACE));
    await().until(() -> rig.attempts(endpoint), List.of("1:1:200")::equals);
    assertThat(rig.receiver.received("/unwanted").getFirst().headers().names())
        .doesNotContain("traceparent", "tracestate");
  }

  @Test
  void anEventWithoutATraceStartsNone() {
    long endpoint = wanting("/none", Map.of());
    send(endpoint, Optional.empty());
    await().until(() -> rig.attempts(endpoint), List.of("1:1:200")::equals);
    assertThat(rig.receiver.received("/none").getFirst().headers().names())
        .doesNotContain("traceparent", "tracestate");
  }

  private long wanting(String path, Map<String, String> headers) {
    long id = rig.endpoint(path, "quick");
    rig.registry.put(List.of(Samples.traced(rig.registry.endpoint(id).orElseThrow(), headers)));
    return id;
  }

  private void send(long endpoint, Optional<TraceContext> trace) {
    Event event = Samples.traced(rig.newEvent(endpoint), trace);
    rig.send(List.of(event));
  }
}
