package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Endpoint;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a delivery comes back after an answer that wants to decide it. Retries by the table. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileAnswersTest {
  /** The schedule of the contract "quick", which has no jitter. */
  private static final double SCHEDULE = 0.2;

  private static final String ASCTIME = "EEE MMM ppd HH:mm:ss yyyy";

  private static final double DAY = 86_400;

  /** Between the answer and the moment from which a wait is counted, on a busy machine. */
  private static final double SLACK = 30;

  private final Map<String, String> retryAfter = new ConcurrentHashMap<>();
  private DispatchRig rig;
  private HttpServer receiver;
  private int paths;

  @BeforeAll
  void open(DatabaseUrl url) {
    rig = new DispatchRig(url, Tuning.PLAIN.withoutClaims());
    receiver =
        Await.value(
            rig.db.vertx().createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
  }

  @AfterAll
  void close() {
    Await.value(receiver.close());
    rig.close();
  }

  private void answer(HttpServerRequest request) {
    request
        .response()
        .setStatusCode(Integer.parseInt(request.getParam("status")))
        .putHeader("location", "http://169.254.169.254/latest/meta-data/");
    String wait = retryAfter.get(request.path());
    if (wait != null) {
      request.response().putHeader("retry-after", wait);
    }
    request.response().end();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503, 500, 404, 301, 413})
  void retryAfterIsAFloorWhateverTheStatus(int status) {
    assertThat(wait(status, "3600")).isBetween(3_600.0, 3_600.0 + SLACK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", ASCTIME})
  void retryAfterIsReadAsADateOfAnyForm(String form) {
    Instant date = Instant.now().plusSeconds(3_600);
    String text =
        DateTimeFormatter.ofPattern(form, Locale.ENGLISH).withZone(ZoneOffset.UTC).format(date);

    // The date has no parts of a second.
    assertThat(wait(429, text)).isBetween(3_600.0 - SLACK, 3_600.0 + SLACK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"86401", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"})
  void retryAfterKeepsADeliveryForADayAtMost(String text) {
    assertThat(wait(503, text)).isBetween(DAY, DAY + SLACK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1",
        "0",
        "soon",
        "NaN",
        "1e9",
        "3600, 7200",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 99 Foo 9999 99:99:99 GMT",
      })
  void aRetryAfterThatSaysNothingUsableLeavesTheSchedule(String text) {
    assertThat(wait(429, text)).isBetween(SCHEDULE, SCHEDULE + SLACK);
  }

  @Test
  void aReceiverThatIsGoneCannotAskForAnotherAttempt() {
    long endpoint = endpoint(410, "1");
    rig.send(endpoint);

    await().until(() -> rig.attempts(endpoint), List.of("1:3:410")::equals);
    assertThat(rig.count("deferred WHERE endpoint_id = " + endpoint)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsAFailureThatIsTriedAgain(int status) {
    long endpoint = endpoint(status, null);
    rig.send(endpoint);

    await().until(() -> rig.attempts(endpoint), List.of("1:2:" + status)::equals);
    assertThat(rig.db.column("SELECT address FROM attempt WHERE endpoint_id = " + endpoint))
        .containsExactly("127.0.0.1:" + receiver.actualPort());
  }

  /** Seconds from the answer until the delivery is due again. */
  private double wait(int status, String header) {
    long endpoint = endpoint(status, header);
    rig.send(endpoint);
    String due =
        "SELECT extract(epoch FROM due_at) - at_ms / 1000.0 - latency_us / 1e6 FROM deferred JOIN"
            + " attempt USING (event_id, endpoint_id) WHERE endpoint_id = "
            + endpoint;
    await().until(() -> rig.db.column(due).size() == 1);
    return Double.parseDouble(rig.db.column(due).getFirst());
  }

  private long endpoint(int status, String header) {
    String path = "/" + ++paths;
    if (header != null) {
      retryAfter.put(path, header);
    }
    return rig.endpoint(
        "http://127.0.0.1:" + receiver.actualPort() + path + "?status=" + status,
        "quick",
        Endpoint.Status.ACTIVE);
  }
}
