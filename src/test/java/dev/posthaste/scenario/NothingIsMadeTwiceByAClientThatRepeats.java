package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.RunningServer;
import dev.posthaste.scenario.GeneratedClient.Reply;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.CutableProxy;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The SDK repeats what failed without a name for it. The line to the database is cut while it
 * commits: then it has committed, and nobody can tell.
 */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NothingIsMadeTwiceByAClientThatRepeats {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";

  /** Every change writes to the audit log; its commit waits while the test holds the lock. */
  private static final String WAIT_AT_COMMIT =
      """
      CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(4711);
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON audit
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit();
      """;

  private static final String WAITING =
      "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted";

  private DatabaseUrl url;
  private CutableProxy line;
  private RunningServer server;
  private GeneratedClient client;

  @BeforeAll
  void open(DatabaseUrl given, @TempDir Path folder) throws SQLException {
    url = given;
    line = new CutableProxy(url.port());
    server =
        new RunningServer(
            DatabaseUrl.local(line.port(), url.user(), url.password(), url.database()),
            folder,
            Map.of());
    client = new GeneratedClient(server.port(), RunningServer.KEY, this::heal);
    Sql.execute(url, WAIT_AT_COMMIT);
  }

  @AfterAll
  void close() throws IOException {
    server.close();
    line.close();
  }

  /** The line is there again, and the server knows. */
  private void heal() {
    line.restore();
    await().until(() -> server.get(server.port(), "/health/ready").statusCode() == 200);
  }

  private static String endpoint(String description) {
    return new JsonObject()
        .put("url", "https://example.com/hooks")
        .put("eventTypeFilters", new io.vertx.core.json.JsonArray().add("some.*"))
        .put("description", description)
        .encode();
  }

  /** Calls, and cuts the line when PostgreSQL has begun to commit. */
  private Reply cutAtCommit(String target, String body) throws SQLException {
    CompletableFuture<Reply> reply;
    try (Connection holder = Sql.connect(url);
        Statement statement = holder.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(4711)");
      reply = CompletableFuture.supplyAsync(() -> call(target, body));
      await().until(() -> !Sql.column(url, WAITING).isEmpty());
      line.cut();
      reply.join();
    }
    await().until(() -> Sql.column(url, WAITING).isEmpty());
    heal();
    return reply.join();
  }

  private Reply call(String target, String body) {
    try {
      return client.call("POST", target, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long records(String action) throws SQLException {
    return Sql.column(url, "SELECT id FROM audit WHERE action = '" + action + "'").size();
  }

  private static void assertNotRepeated(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isGreaterThanOrEqualTo(500);
    assertThat(reply.headers()).containsEntry("x-should-retry", "false");
    assertThat(reply.headers()).containsEntry("content-type", "application/problem+json");
    assertThat(reply.requests()).isEqualTo(1);
  }

  private String made(String description) {
    return call(ENDPOINTS, endpoint(description)).json().getJsonObject("endpoint").getString("id");
  }

  @Test
  void an_endpoint_that_may_have_been_made_is_not_made_again() throws SQLException {
    assertNotRepeated(cutAtCommit(ENDPOINTS, endpoint("cut")));
    await()
        .until(
            () -> Sql.column(url, "SELECT id FROM endpoint WHERE description = 'cut'").size() == 1);
  }

  @Test
  void a_secret_that_may_have_been_rotated_is_not_rotated_again() throws SQLException {
    String id = made("rotated");
    assertNotRepeated(cutAtCommit(ENDPOINTS + "/" + id + "/rotate_secret", null));
    await().until(() -> records("endpoint.secret_rotated") == 1);
  }

  @Test
  void a_recovery_that_may_have_begun_is_not_begun_again() throws SQLException {
    String id = made("recovered");
    assertNotRepeated(
        cutAtCommit(ENDPOINTS + "/" + id + "/recover", "{\"since\":\"2026-01-01T00:00:00Z\"}"));
    assertThat(Sql.column(url, "SELECT id FROM job")).hasSize(1);
  }

  @Test
  void a_replay_that_may_have_begun_is_not_begun_again() throws Exception {
    made("replayed");
    String event = "{\"type\":\"some.thing\",\"data\":{}}";
    String id =
        new JsonObject(server.post("/webhooks/v1/events", event))
            .getJsonObject("event")
            .getString("id");
    String delivery =
        client
            .call("GET", "/webhooks/v1/deliveries?event_id=" + id, null)
            .json()
            .getJsonArray("deliveries")
            .getJsonObject(0)
            .getString("id");
    assertNotRepeated(cutAtCommit("/webhooks/v1/deliveries/" + delivery + "/replay", null));
    assertThat(records("delivery.replayed")).isEqualTo(1);
  }

  @Test
  void what_was_surely_not_made_is_asked_for_again_and_made_once() throws SQLException {
    line.cut();
    await().until(() -> server.get(server.port(), "/health/ready").statusCode() != 200);
    Reply reply = call(ENDPOINTS, endpoint("away"));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    assertThat(reply.requests()).isGreaterThan(1);
    assertThat(Sql.column(url, "SELECT id FROM endpoint WHERE description = 'away'")).hasSize(1);
  }
}
