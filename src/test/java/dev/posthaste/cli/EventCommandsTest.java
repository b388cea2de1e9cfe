package dev.posthaste.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.RunningServer;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands about events, in this process and against a real server. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventCommandsTest {
  private RunningServer server;

  @BeforeAll
  void start(DatabaseUrl url, @TempDir Path folder) {
    server =
        new RunningServer(
            url, folder, Map.of("CLUSTER_HEARTBEAT", "200ms", "TARGETS_ALLOW", "127.0.0.0/8"));
    for (String tenant : List.of("shop", "feed", "cases")) {
      String contract = tenant.equals("cases") ? "offload" : "standard";
      JsonObject body =
          new JsonObject().put("uid", tenant).put("name", tenant).put("contract", contract);
      server.post("/admin/v1/tenants", body.encode());
    }
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** What a command prints to people who act for a tenant. */
  private String run(Object commands, String tenant, String... arguments) {
    StringWriter out = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", "http://127.0.0.1:" + server.port()));
    all.addAll(List.of("--key", RunningServer.KEY, "--tenant", tenant));
    PrintWriter screen = new PrintWriter(out, true);
    int exit =
        new CommandLine(commands).setOut(screen).setErr(screen).execute(all.toArray(String[]::new));
    assertThat(exit).as(out.toString()).isZero();
    return out.toString();
  }

  private String events(String tenant, String... arguments) {
    return run(new EventCommands(), tenant, arguments);
  }

  private List<String> listed(String tenant, String... arguments) {
    List<String> all = new ArrayList<>(List.of("list", "--json"));
    all.addAll(List.of(arguments));
    return types(new JsonObject(events(tenant, all.toArray(String[]::new))));
  }

  private static List<String> types(JsonObject answer) {
    JsonArray events = answer.getJsonArray("events");
    return events.stream().map(event -> ((JsonObject) event).getString("type")).toList();
  }

  @Test
  void eventsAreListedNewestFirstPageByPage() {
    for (String type : List.of("order.new", "order.paid", "user.new")) {
      assertThat(events("shop", "send", type, "{\"n\": 1.50}")).contains(type);
    }
    assertThat(listed("shop")).containsExactly("user.new", "order.paid", "order.new");
    assertThat(listed("shop", "--type", "order.paid")).containsExactly("order.paid");
    assertThat(listed("shop", "--until", "2026-01-01T00:00:00Z")).isEmpty();
    assertThat(listed("shop", "--since", "2026-01-01T00:00:00Z")).hasSize(3);
    String page = events("shop", "list", "--limit", "2");
    assertThat(page.lines().findFirst().orElseThrow())
        .matches("id +type +state +occurredAt +acceptedAt");
    assertThat(page).contains("user.new", "order.paid", "unmatched").doesNotContain("order.new");
    String cursor = after(page, "More: --cursor ");
    assertThat(events("shop", "list", "--limit", "2", "--cursor", cursor))
        .contains("order.new")
        .doesNotContain("order.paid", "More");
    assertThat(events("shop", "list", "--type", "nothing")).contains("(none)");
  }

  private static String after(String printed, String mark) {
    return printed
        .lines()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void asAFeedTheyComeOldestFirstAndItSaysWhereToGoOn() {
    String begin = after(events("feed", "list", "--after", "now"), "Go on: --after ");
    events("feed", "send", "order.new", "1");
    events("feed", "send", "order.paid", "2");
    await().until(() -> listed("feed", "--after", begin).size() == 2);
    assertThat(listed("feed", "--after", begin)).containsExactly("order.new", "order.paid");
    String all = events("feed", "list", "--after", "start");
    assertThat(all.indexOf("order.new")).isLessThan(all.indexOf("order.paid"));
    assertThat(all).doesNotContain("More: --cursor");
    String end = after(all, "Go on: --after ");
    assertThat(events("feed", "list", "--after", end)).contains("(none)");
    assertThat(new JsonObject(events("feed", "list", "--json", "--after", end)).fieldNames())
        .contains("nextCursor", "hasMore");
  }

  @Test
  void anEventIsFoundByTheIdThatItsPostAnsweredWith() {
    JsonObject posted =
        new JsonObject()
            .put("type", "case.completed")
            .put("resourceId", "c 1")
            .put("occurredAt", "2026-03-21T22:25:00Z")
            .put("clientWebhookUrl", "http://127.0.0.1:9/nobody")
            .put("data", 1);
    String id =
        new JsonObject(
                server.post("/webhooks/v1/events", posted.encode(), "Posthaste-Tenant", "cases"))
            .getJsonObject("event")
            .getString("id");
    assertThat(id).isEqualTo("evt_c%201_case_completed_1774131900000");
    assertThat(events("cases", "get", id)).contains("case.completed").contains("c 1");
    assertThat(run(new DeliveryCommands(), "cases", "list", "--event", id))
        .contains("http://127.0.0.1:9/nobody");
  }
}
