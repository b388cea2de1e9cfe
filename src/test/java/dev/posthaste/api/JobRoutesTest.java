package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_REPLAY;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.PublicId;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The routes; what a job does is in RecoverTest. */
class JobRoutesTest extends WithApiServer {
  private static final String JOBS = "/webhooks/v1/jobs";
  private static final String SINCE = "{\"since\": \"2026-01-01T00:00:00Z\"}";

  private HttpCall acme;
  private String endpoint;

  @BeforeEach
  void startEmpty() throws Exception {
    server.sql("TRUNCATE event, attempt, deferred, endpoint_secret, endpoint CASCADE");
    acme = server.as(server.key(server.acme, DELIVERIES_READ, DELIVERIES_REPLAY, ENDPOINTS_WRITE));
    endpoint =
        acme.post(
                "/webhooks/v1/endpoints",
                """
                {"url": "https://example.com/a", "eventTypeFilters": ["vault.done"],
                 "resourceScopes": {"vaultIds": ["v1"]}}
                """)
            .ok(201)
            .json("endpoint")
            .getString("id");
  }

  private HttpCall.Answer recover(String body) throws Exception {
    return acme.post("/webhooks/v1/endpoints/" + endpoint + "/recover", body);
  }

  private void missed(String type, String resource) throws Exception {
    server.sql(
        "INSERT INTO event (id, tenant_id, type, occurred_at_ms, resource_id, data, targets) VALUES (%d, %d, '%s', 0, '%s', '{}', '{}')"
            .formatted(server.ids.next(), server.acme.id(), type, resource));
  }

  @Test
  void aDryRunCountsWhatMatchesTheEndpointAsItIsNow() throws Exception {
    missed("vault.done", "v1");
    missed("vault.done", "v1");
    missed("vault.done", "v2");
    missed("vault.failed", "v1");
    String body = "{\"since\": \"2026-01-01T00:00:00Z\", \"only\": \"%s\", \"dryRun\": true}";
    // The registry of this server is fresh from the creation of the endpoint.
    assertThat(recover(body.formatted("missed")).ok(200).json().getInteger("count")).isEqualTo(2);
    assertThat(recover(body.formatted("failed")).ok(200).json().getInteger("count")).isZero();
    assertThat(acme.get(JOBS).ok(200).list("jobs")).isEmpty();
  }

  @Test
  void aJobIsStartedSeenAndCanceled() throws Exception {
    JsonObject job = recover(SINCE).ok(202).json("job");
    assertThat(job.getString("status")).isEqualTo("running");
    assertThat(job.getString("endpointId")).isEqualTo(endpoint);
    assertThat(job.getString("only")).isEqualTo("failed");
    assertThat(job.getString("since")).isEqualTo("2026-01-01T00:00:00.000Z");
    assertThat(job.getJsonObject("createdBy").getString("name")).isEqualTo("test");
    assertThat(job.getJsonObject("progress").getValue("total")).isNull();
    String path = JOBS + "/" + job.getString("id");
    assertThat(acme.get(path).ok(200).json("job").getString("id")).isEqualTo(job.getString("id"));
    assertThat(acme.get(JOBS + "?endpoint_id=" + endpoint).ok(200).list("jobs")).hasSize(1);
    assertThat(acme.delete(path).ok(200).json("job").getString("status")).isEqualTo("canceled");
    assertThat(acme.delete(path).ok(200).json("job").getString("endedAt")).isNotNull();
  }

  @Test
  void anEndpointHasOneJobAtATime() throws Exception {
    String id = recover(SINCE).ok(202).json("job").getString("id");
    HttpCall.Answer second = recover(SINCE);
    assertThat(second.problem(409).getString("detail")).contains(id);
    assertThat(second.header("x-should-retry")).isEqualTo("false");
    acme.delete(JOBS + "/" + id).ok(200);
    recover(SINCE).ok(202);
  }

  @Test
  void wrongRangesAndForeignJobsAreRefused() throws Exception {
    recover("{}").problem(422);
    recover("{\"since\": \"yesterday\"}").problem(422);
    recover("{\"since\": \"2199-01-01T00:00:00Z\"}").fault("/since");
    recover("{\"since\": \"2026-01-01T00:00:00Z\", \"only\": \"some\"}").problem(422);
    String id = recover(SINCE).ok(202).json("job").getString("id");
    HttpCall other = server.as(server.key(server.other, DELIVERIES_READ, DELIVERIES_REPLAY));
    other.get(JOBS + "/" + id).problem(404);
    other.delete(JOBS + "/" + id).problem(404);
    other.post("/webhooks/v1/endpoints/" + endpoint + "/recover", SINCE).problem(404);
    acme.get(JOBS + "/" + PublicId.JOB.format(7)).problem(404);
    acme.get(JOBS + "/nonsense").problem(404);
    server
        .as(server.key(server.acme, DELIVERIES_READ))
        .post("/webhooks/v1/endpoints/" + endpoint + "/recover", SINCE)
        .problem(403);
  }
}
