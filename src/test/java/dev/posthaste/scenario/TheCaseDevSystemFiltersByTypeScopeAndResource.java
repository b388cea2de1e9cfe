package dev.posthaste.scenario;

import static dev.posthaste.scenario.SeedNode.ENDPOINTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver.Received;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Which endpoints of a Case.dev tenant get which events. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TheCaseDevSystemFiltersByTypeScopeAndResource {
  private static final String SYSTEM = "casedev";
  private static final String APPEND_FAILED = "vault.object.append.failed";
  private static final String MATTER = "matter.created";
  private static final String OCR = "ocr.job.created";

  private SeedNode node;

  @BeforeAll
  void start(DatabaseUrl url, @TempDir Path folder) throws Exception {
    node = new SeedNode(url, folder, new ShippedContract(SYSTEM));
  }

  @AfterAll
  void stop() {
    node.close();
  }

  /** Publishes the example of a type; how many endpoints get it. */
  private static int reach(Api api, String type) throws Exception {
    return reach(api, type, SeedNode.example(SYSTEM, type));
  }

  private static int reach(Api api, String type, JsonObject data) throws Exception {
    return SeedNode.publish(api, type, data).getInteger("deliveries");
  }

  private List<String> types(String path, int messages) {
    return node.received(path, messages).stream()
        .map(Received::body)
        .map(body -> new JsonObject(body).getString("type"))
        .sorted()
        .toList();
  }

  @Test
  void names_prefixes_and_stars() throws Exception {
    Api api = node.tenant("filters", SYSTEM);
    api.createEndpoint(node.receiver.url("/exact"), APPEND_FAILED, MATTER);
    api.createEndpoint(node.receiver.url("/prefix"), "vault.*");
    api.createEndpoint(node.receiver.url("/deep"), "vault.object.*");
    api.createEndpoint(node.receiver.url("/star"), "*");
    assertThat(reach(api, APPEND_FAILED)).isEqualTo(4);
    assertThat(reach(api, "vault.ingest.failed")).isEqualTo(2);
    assertThat(reach(api, MATTER)).isEqualTo(2);
    assertThat(reach(api, OCR)).isEqualTo(1);
    assertThat(types("/exact", 2)).containsExactly(MATTER, APPEND_FAILED);
    assertThat(types("/prefix", 2)).containsExactly("vault.ingest.failed", APPEND_FAILED);
    assertThat(types("/deep", 1)).containsExactly(APPEND_FAILED);
    assertThat(types("/star", 4))
        .containsExactly(MATTER, OCR, "vault.ingest.failed", APPEND_FAILED);
  }

  @Test
  void a_star_is_what_the_scopes_of_the_creating_key_may_receive() throws Exception {
    Api all = node.tenant("scopes", SYSTEM);
    Api vaultAndLegal = node.key("scopes", "vault", "legal");
    vaultAndLegal.createEndpoint(node.receiver.url("/some"), "*");
    all.createEndpoint(node.receiver.url("/every"), "*");
    int some = 0;
    for (JsonObject type : SeedNode.catalog(SYSTEM)) {
      boolean covered = List.of("vault", "legal").contains(type.getString("scope"));
      assertThat(reach(all, type.getString("type"), type.getJsonObject("example")))
          .as(type.getString("type"))
          .isEqualTo(covered ? 2 : 1);
      some += covered ? 1 : 0;
    }
    assertThat(types("/every", 53)).doesNotHaveDuplicates();
    assertThat(types("/some", some))
        .allMatch(type -> type.matches("(vault|matter|work_item)\\..*"));
    assertThat(some).isEqualTo(13);
  }

  @Test
  void a_subscription_needs_the_scope_of_its_type() throws Exception {
    node.tenant("forbidden", SYSTEM);
    Api vault = node.key("forbidden", "vault");
    assertThat(subscribe(vault, "vault.*").statusCode()).isEqualTo(201);
    for (String filter : List.of(MATTER, "agent.*", "webhook.endpoint.auto_disabled")) {
      HttpResponse<String> answer = subscribe(vault, filter);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
      assertThat(new JsonObject(answer.body()).getString("message")).contains(filter);
    }
  }

  @Test
  void a_filter_that_can_match_nothing_is_refused() throws Exception {
    Api api = node.tenant("nothing", SYSTEM);
    for (String filter : List.of("vaults.*", "vault", "vault.upload.vanished", "vault.*.failed")) {
      assertThat(SeedNode.fault(subscribe(api, filter), 422)).startsWith("/eventTypeFilters/0: ");
    }
  }

  private HttpResponse<String> subscribe(Api api, String filter) throws Exception {
    return api.raw("POST", ENDPOINTS, endpoint("/nowhere", filter));
  }

  private JsonObject endpoint(String path, String filter) {
    return new JsonObject()
        .put("url", node.receiver.url(path))
        .put("eventTypeFilters", new JsonArray().add(filter));
  }

  @Test
  void resource_scopes_leave_types_without_a_resource_alone() throws Exception {
    Api api = node.tenant("resources", SYSTEM);
    JsonObject vaults = new JsonObject().put("vaultIds", new JsonArray().add("v1").add("v2"));
    JsonObject both = vaults.copy().put("matterIds", new JsonArray().add("m1"));
    api.call("POST", ENDPOINTS, endpoint("/vaults", "*").put("resourceScopes", vaults));
    api.call("POST", ENDPOINTS, endpoint("/both", "*").put("resourceScopes", both));
    assertThat(about(api, "vault.upload.failed", "vaultId", "v2")).isEqualTo(2);
    assertThat(about(api, "vault.upload.failed", "vaultId", "v3")).isZero();
    assertThat(about(api, MATTER, "matterId", "m1")).isEqualTo(2);
    assertThat(about(api, "work_item.execution.failed", "matterId", "m2")).isEqualTo(1);
    assertThat(about(api, OCR, "vaultId", "v3")).isEqualTo(2);
    assertThat(reach(api, "balance.changed")).isEqualTo(2);
    assertThat(types("/vaults", 5))
        .containsExactly(
            "balance.changed", MATTER, OCR, "vault.upload.failed", "work_item.execution.failed");
    assertThat(types("/both", 4))
        .containsExactly("balance.changed", MATTER, OCR, "vault.upload.failed");
  }

  private static int about(Api api, String type, String field, String id) throws Exception {
    return reach(api, type, SeedNode.example(SYSTEM, type).put(field, id));
  }
}
