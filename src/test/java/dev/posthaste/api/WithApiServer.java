package dev.posthaste.api;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** For tests that share one server in their class. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WithApiServer {
  ApiServer server;

  @BeforeAll
  void startServer(DatabaseUrl url) throws Exception {
    server = new ApiServer(url);
  }

  @AfterAll
  void stopServer() throws Exception {
    server.close();
  }
}
