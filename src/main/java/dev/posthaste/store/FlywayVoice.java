package dev.posthaste.store;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets Flyway say that tables changed or that something is wrong, and nothing else. */
public final class FlywayVoice implements LogCreator {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  @Override
  public Log createLogger(Class<?> source) {
    return source.getSimpleName().equals("DbMigrate") ? new Quiet(true) : new Quiet(false);
  }

  private record Quiet(boolean informs) implements Log {
    @Override
    public void debug(String message) {
      LOG.debug(message);
    }

    @Override
    public void info(String message) {
      if (informs) {
        LOG.info(message);
      } else {
        LOG.debug(message);
      }
    }

    @Override
    public void warn(String message) {
      LOG.warn(message);
    }

    @Override
    public void error(String message) {
      LOG.error(message);
    }

    @Override
    public void error(String message, Exception cause) {
      LOG.error(message, cause);
    }

    @Override
    public void notice(String message) {
      LOG.debug(message);
    }
  }
}
