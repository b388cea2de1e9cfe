package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;
import java.util.Optional;

/**
 * Where PostgreSQL is.
 *
 * @param url empty = embedded in the data folder
 * @param poolSize connections of this node
 * @param connectTimeout to open a connection
 * @param statementTimeout after which the server cancels a statement
 */
public record DatabaseSettings(
    Optional<DatabaseUrl> url, int poolSize, Duration connectTimeout, Duration statementTimeout) {

  static DatabaseSettings from(Section in) {
    return new DatabaseSettings(
        in.optional("url", Forms.secret(DatabaseUrl::parse)),
        in.one("poolSize", number(2, 1_000)),
        in.one("connectTimeout", duration("100ms", "1m")),
        in.one("statementTimeout", duration("1s", "1h")));
  }
}
