package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.TraceContext;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Received;
import dev.posthaste.support.SpanCollector;
import dev.posthaste.support.SpanCollector.Span;
import dev.posthaste.support.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Spans of a server whose tracing is on, as a collector and a receiver see them. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String OTHER_TRACE = "11111111111111111111111111111111";

  private final RecordingReceiver receiver = new RecordingReceiver();
  private final SpanCollector collector = new SpanCollector();
  private RunningServer server;

  @BeforeAll
  void start(DatabaseUrl url, @TempDir Path folder) throws Exception {
    server =
        new RunningServer(
            url,
            folder,
            Map.of("TRACING_OTLP_ENDPOINT", collector.url(), "TRACING_SAMPLE_RATIO", "0"));
    server.api().createEndpoint(receiver.url("/hook"), "*");
    Sql.execute(url, "UPDATE endpoint SET trace_context = true");
    // Its answer comes when everything that was committed before is known.
    server.api().createEndpoint(receiver.url("/other"), "other.*");
  }

  @AfterAll
  void stop() {
    server.close();
    receiver.close();
    collector.close();
  }

  @Test
  void aSampledEventIsASpanUnderItsPublisherAndItsAttemptOneLinkedToIt() {
    post("00-" + OTHER_TRACE + "-" + CALLER + "-00");
    post("00-" + TRACE + "-" + CALLER + "-01");
    await().atMost(Duration.ofSeconds(30)).until(() -> collector.spans().size() >= 2);
    await().until(() -> receiver.received("/hook").size() == 2);

    Span accepted = named("accept event");
    assertThat(accepted.trace()).isEqualTo(TRACE);
    assertThat(accepted.parent()).isEqualTo(CALLER);
    Span attempt = named("deliver order.paid");
    assertThat(attempt.trace()).isEqualTo(TRACE);
    assertThat(attempt.parent()).isEmpty();
    assertThat(attempt.links()).containsExactly(accepted.id());

    List<TraceContext> sent =
        receiver.received("/hook").stream().map(TracingTest::contextOf).toList();
    assertThat(sent)
        .filteredOn(TraceContext::isSampled)
        .extracting(TraceContext::traceId, TraceContext::spanId)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(TRACE, attempt.id()));
    assertThat(sent)
        .filteredOn(context -> !context.isSampled())
        .extracting(TraceContext::traceId)
        .containsExactly(OTHER_TRACE);
    assertThat(collector.spans()).extracting(Span::trace).containsOnly(TRACE);
  }

  private static TraceContext contextOf(Received received) {
    return TraceContext.read(received.headers().get("traceparent"), null).orElseThrow();
  }

  private Span named(String name) {
    return collector.spans().stream()
        .filter(span -> span.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void post(String traceparent) {
    String answer =
        server.post(
            "/webhooks/v1/events",
            "{\"type\":\"order.paid\",\"data\":1}",
            "traceparent",
            traceparent);
    assertThat(answer).contains("\"deliveries\":1");
  }
}
