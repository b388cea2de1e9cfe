package dev.posthaste.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.JobSettings;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.Sealer;
import dev.posthaste.support.Await;
import dev.posthaste.support.CutableProxy;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** How it bears trouble; what jobs do is in RecoverTest. */
@ExtendWith(PostgresExtension.class)
class JobRunnerTest {
  @Test
  void anOutageIsToldOnceHoweverOftenItTries(DatabaseUrl url) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(JobRunner.class);
    Lines lines = new Lines();
    lines.setContext(logger.getLoggerContext());
    lines.start();
    logger.addAppender(lines);
    try (CutableProxy proxy = new CutableProxy(url.port());
        TestDatabase db =
            new TestDatabase(
                url, DatabaseUrl.local(proxy.port(), url.user(), url.password(), url.database()))) {
      Await.value(db.vertx().deployVerticle(runner(db)));
      proxy.cut();
      await().atMost(Duration.ofMinutes(1)).until(() -> proxy.refused() >= 4);
      assertThat(lines.of(Level.WARN)).hasSize(1);
      proxy.restore();
      await().atMost(Duration.ofMinutes(1)).until(() -> !lines.of(Level.INFO).isEmpty());
      assertThat(lines.of(Level.WARN)).hasSize(1);
      assertThat(lines.of(Level.INFO)).containsExactly("Jobs are brought forward again");
    } finally {
      logger.detachAppender(lines);
    }
  }

  private static JobRunner runner(TestDatabase db) {
    return new JobRunner(
        db.database(),
        new EndpointStore(db.database(), new Sealer(Map.of("k", new byte[32]))),
        new Registry(Map.of()),
        Set.of(),
        new JobSettings(10, 10, Duration.ofMillis(50)),
        Duration.ofMillis(50));
  }

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<ILoggingEvent> all = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      all.add(event);
    }

    List<String> of(Level level) {
      return all.stream()
          .filter(event -> event.getLevel().equals(level))
          .map(ILoggingEvent::getFormattedMessage)
          .toList();
    }
  }
}
