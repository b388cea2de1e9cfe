package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.posthaste.event.Reply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of endpoints that fail. */
class EndpointHealthTest {
  private static final Reply REFUSED =
      new Reply.Answered(503, "", Optional.empty(), 1, Optional.empty());
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Times of this clock may be below 0, and pass it. */
  private static final long START = -2 * SECOND;

  private final Logger logger = (Logger) LoggerFactory.getLogger(EndpointHealth.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final EndpointHealth health = new EndpointHealth();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
  }

  private void failsAt(long endpoint, long second) {
    health.failed(endpoint, 1, REFUSED, START + second * SECOND);
  }

  private List<Level> told() {
    return lines.list.stream().map(ILoggingEvent::getLevel).toList();
  }

  @Test
  void forgetsWhatWasNotTriedForADay() {
    failsAt(7, 0);
    health.sweep(START + 86_399 * SECOND);
    assertThat(health.known()).isEqualTo(1);
    health.sweep(START + 86_400 * SECOND);
    assertThat(health.known()).isZero();
  }

  @Test
  void hasTwoLinesHoweverManyDeliveriesFailBetween() {
    for (int i = 0; i < 1_000; i++) {
      failsAt(7, i);
    }
    health.succeeded(7);
    health.succeeded(7);
    assertThat(told()).containsExactly(Level.WARN, Level.INFO);
  }

  @Test
  void hasTwoLinesAMinuteOfAnEndpointThatCannotMakeUpItsMind() {
    for (int i = 0; i < 60; i++) {
      failsAt(7, i);
      health.succeeded(7);
      health.sweep(START + i * SECOND);
    }
    assertThat(told()).containsExactly(Level.WARN, Level.INFO);
    failsAt(7, 60);
    assertThat(told()).containsExactly(Level.WARN, Level.INFO, Level.WARN);
  }

  @Test
  void tellsOfAnEndpointThatBeginsAgainToFailAndGoesOnWithIt() {
    failsAt(7, 0);
    health.succeeded(7);
    for (int i = 1; i < 100; i++) {
      failsAt(7, i);
    }
    assertThat(told()).containsExactly(Level.WARN, Level.INFO, Level.WARN);
  }

  @Test
  void tellsOfEachEndpoint() {
    failsAt(7, 0);
    failsAt(8, 0);
    assertThat(told()).containsExactly(Level.WARN, Level.WARN);
  }

  @Test
  void forgetsAnEndpointThatHasBeenWellForAMinute() {
    failsAt(7, 0);
    health.succeeded(7);
    failsAt(8, 0);
    health.sweep(START + 61 * SECOND);
    assertThat(health.known()).isEqualTo(1);
  }
}
