package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Received;
import dev.posthaste.support.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against the packaged program, as somebody at a terminal uses them. */
@Tag("slow")
class TheCommandLineDoesWhatTheApiDoes {
  @TempDir Path folder;

  @Test
  void from_the_first_endpoint_to_the_proof_of_a_signature() throws Exception {
    try (ServerProcess server = new ServerProcess(folder).start();
        RecordingReceiver receiver = new RecordingReceiver()) {
      JsonObject created =
          json(run(server, 0, "endpoints", "create", receiver.url("/cli"), "--uid", "mine"));
      assertThat(run(server, 0, "endpoints", "list")).contains("active").contains("/cli");
      run(server, 0, "endpoints", "test", "mine");
      assertThat(run(server, 0, "events", "send", "order.paid", "{\"order\": 42}"))
          .contains("deliveries");
      await().until(() -> receiver.received("/cli").size() == 2);
      await()
          .untilAsserted(
              () ->
                  assertThat(run(server, 0, "deliveries", "list"))
                      .contains("order.paid")
                      .contains("delivered"));
      String delivery =
          json(run(server, 0, "deliveries", "list", "--json"))
              .getJsonArray("deliveries")
              .getJsonObject(0)
              .getString("id");
      assertThat(run(server, 0, "deliveries", "get", delivery)).contains("live").contains("200");
      run(server, 0, "replay", delivery);
      await().until(() -> receiver.received("/cli").size() == 3);
      verify(server, created.getString("signingSecret"), receiver.received("/cli").getLast());
    }
  }

  private void verify(ServerProcess server, String secret, Received message) throws Exception {
    Path body = Files.writeString(folder.resolve("body"), message.body());
    List<String> given =
        List.of(
            "verify",
            "--secret",
            secret,
            "--id",
            message.headers().get("webhook-id"),
            "--timestamp",
            message.headers().get("webhook-timestamp"),
            "--signature",
            message.headers().get("webhook-signature"),
            "--body",
            body.toString());
    assertThat(run(server, 0, given.toArray(String[]::new))).contains("right");
    Files.writeString(body, message.body() + " ");
    assertThat(run(server, 1, given.toArray(String[]::new))).contains("wrong");
  }

  @Test
  void tenants_and_keys_are_made_and_a_refusal_is_told_in_words() throws Exception {
    try (ServerProcess server = new ServerProcess(folder).start()) {
      run(server, 0, "tenants", "create", "acme", "--contract", "casedev", "--catalog", "casedev");
      assertThat(run(server, 0, "tenants", "list")).contains("acme").contains("casedev");
      String key = json(run(server, 0, "keys", "create", "acme", "backend")).getString("secret");
      assertThat(run(server, 0, "events", "types", "--key", key))
          .contains("vault.ingest.completed");
      assertThat(run(server, 1, "tenants", "list", "--key", key)).contains("operator");
      assertThat(run(server, 1, "endpoints", "create", "ftp://nowhere")).contains("url");
      assertThat(run(server, 1, "endpoints", "get", "nobody")).contains("no endpoint 'nobody'");
      assertThat(run(server, 1, "endpoints", "list", "--url", "http://127.0.0.1:1"))
          .contains("cannot be reached");
      assertThat(run(server, 1, "events", "send", "order.paid", "{oops")).contains("not JSON");
    }
  }

  @Test
  void tenants_and_catalogs_are_changed_while_the_server_runs() throws Exception {
    Path catalog =
        Files.writeString(
            folder.resolve("shop.json"),
            """
            {"eventTypes": [{"type": "order.paid", "stability": "stable", "scope": null,
              "resource": null, "description": "An order was paid.",
              "schema": {"type": "object", "required": ["order"]}, "example": {"order": 42}}]}
            """);
    try (ServerProcess server = new ServerProcess(folder).start()) {
      run(server, 0, "tenants", "create", "acme");
      run(server, 0, "catalogs", "import", catalog.toString(), "--name", "shop");
      assertThat(run(server, 0, "catalogs", "list")).contains("casedev").contains("shop");
      assertThat(run(server, 0, "catalogs", "show", "shop")).contains("An order was paid.");
      run(server, 0, "tenants", "update", "acme", "--catalog", "shop", "--metadata", "plan=gold");
      assertThat(run(server, 0, "tenants", "get", "acme")).contains("shop").contains("gold");
      assertThat(run(server, 1, "events", "send", "order.paid", "{}", "--tenant", "acme"))
          .contains("order");
      run(server, 0, "tenants", "update", "acme", "--validation", "warn");
      assertThat(run(server, 0, "events", "send", "order.paid", "{}", "--tenant", "acme"))
          .contains("warnings");
      assertThat(run(server, 1, "tenants", "update", "acme")).contains("Nothing to change");
      assertThat(run(server, 1, "tenants", "update", "acme", "--catalog", "none")).contains("shop");
      assertThat(run(server, 1, "tenants", "delete", "default")).contains("cannot be deleted");
      run(server, 0, "tenants", "update", "acme", "--catalog", "");
      assertThat(run(server, 0, "tenants", "delete", "acme")).contains("Deleted");
      assertThat(run(server, 1, "tenants", "get", "acme")).contains("no tenant 'acme'");
      Files.writeString(catalog, Files.readString(catalog).replace("42}", "42}, \"odd\": 1"));
      assertThat(run(server, 1, "catalogs", "import", catalog.toString(), "--name", "shop"))
          .contains("odd");
    }
  }

  private static JsonObject json(String text) {
    return new JsonObject(text);
  }

  /** What it prints, on either stream; {@code --json} where something is made. */
  private String run(ServerProcess server, int exit, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("posthaste.jar")));
    command.addAll(List.of(arguments));
    if (exit == 0 && List.of(arguments).contains("create")) {
      command.add("--json");
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("POSTHASTE_URL", server.uri("/").toString());
    builder.environment().put("POSTHASTE_KEY", ServerProcess.KEY);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(exit);
    return output;
  }
}
