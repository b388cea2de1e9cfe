package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadInputTest extends WithApiServer {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final String DELIVERIES = "/webhooks/v1/deliveries";

  private HttpCall acme;

  @BeforeAll
  void makeKeys() throws Exception {
    acme = server.as(server.key(server.acme, ENDPOINTS_READ, ENDPOINTS_WRITE, DELIVERIES_READ));
  }

  private HttpCall.Answer create(String field, String json) throws Exception {
    String others =
        new JsonObject("{\"url\": \"https://example.com\", \"eventTypeFilters\": [\"*\"]}")
            .stream()
                .filter(entry -> !entry.getKey().equals(field))
                .map(entry -> "\"" + entry.getKey() + "\": " + Json.encode(entry.getValue()))
                .collect(Collectors.joining(", "));
    return acme.post(ENDPOINTS, "{" + others + ", \"" + field + "\": " + json + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '§',
      textBlock =
          """
          url | 5 | /url | must be a string, is the number 5
          url | "" | /url | must not be empty
          url | "http://example.com" | /url | must begin with https://
          url | "https://example.com/a b" | /url | must not contain spaces or control characters
          eventTypeFilters | [] | /eventTypeFilters | must not be empty
          eventTypeFilters | "*" | /eventTypeFilters | must be a list, is a string
          eventTypeFilters | ["*", 7] | /eventTypeFilters/1 | must be a string, is the number 7
          eventTypeFilters | ["vault*"] | /eventTypeFilters/0 | must be an event type, a prefix such as 'vault.*', or '*'
          eventTypeFilters | ["vault.done", "nothing.*"] | /eventTypeFilters/1 | matches no event type of the catalog 'small'; GET /webhooks/v1/event_types lists them
          description | {} | /description | must be a string or null, is an object
          description | "a\\u0000b" | /description | must not contain the character NUL
          contract | "nope" | /contract | is not a contract; there are agentpost, casedev, standard
          rateLimit | {"count": 0, "perSeconds": 1} | /rateLimit/count | must be 1 to 100000
          rateLimit | {"count": 100001, "perSeconds": 1} | /rateLimit/count | must be 1 to 100000
          rateLimit | {"count": 1} | /rateLimit/perSeconds | is required
          rateLimit | {"count": 1.5, "perSeconds": 1} | /rateLimit/count | must be a whole number, is the number 1.5
          rateLimit | {"count": 1, "perSeconds": 3601} | /rateLimit/perSeconds | must be 1 to 3600
          maxConcurrency | 1025 | /maxConcurrency | must be 1 to 1024
          maxConcurrency | true | /maxConcurrency | must be a whole number or null, is a boolean
          ordering | "lifo" | /ordering | must be 'fifo', or an object with key and onFailure
          ordering | 5 | /ordering | must be a string or an object or null, is the number 5
          ordering | {"key": "caseId"} | /ordering/key | must be a JSON pointer into the event's data, such as /caseId or /case/id; in names ~0 stands for ~ and ~1 for /
          ordering | {"key": "/a~2"} | /ordering/key | must be a JSON pointer into the event's data, such as /caseId or /case/id; in names ~0 stands for ~ and ~1 for /
          ordering | {"onFailure": "stop"} | /ordering/onFailure | must be one of skip, block
          ordering | {"mode": "fifo"} | /ordering/mode | is not known here; known are key, onFailure
          retryDelaysSec | [] | /retryDelaysSec | must not be empty
          retryDelaysSec | [0.5] | /retryDelaysSec/0 | must be 1 to 604800
          retryDelaysSec | [5, 604801] | /retryDelaysSec/1 | must be 1 to 604800
          retryDelaysSec | ["5s"] | /retryDelaysSec/0 | must be a number, is a string
          retryDelaysSec | [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1] | /retryDelaysSec | must have at most 20 items
          traceContext | "yes" | /traceContext | must be a boolean or null, is a string
          uid | "a b" | /uid | must be 1 to 128 letters, digits, '.', '-' and '_', the first a letter or digit
          uid | "ep_1" | /uid | must not begin with 'ep_', as our own ids do
          metadata | {"a": 1} | /metadata/a | must be a string, is the number 1
          metadata | {"": "x"} | /metadata/ | the name must not be empty
          secret | "hunter2" | /secret | must begin with whsec_ (HMAC) or whsk_ (ed25519)
          secret | "whsec_c2hvcnQ=" | /secret | must have base64 of 24 to 64 bytes after whsec_
          secret | "whsk_c2hvcnQ=" | /secret | must have base64 of 64 bytes after whsk_: seed and public key
          headers | {"a b": "x"} | /headers/a b | the name must be a token: letters, digits and !#$%&'*+.^_`|~-
          headers | {"Host": "x"} | /headers/Host | is set by Posthaste and cannot be chosen
          headers | {"content-length": "x"} | /headers/content-length | is set by Posthaste and cannot be chosen
          headers | {"Webhook-Id": "x"} | /headers/Webhook-Id | is set by Posthaste and cannot be chosen
          headers | {"x-posthaste-a": "x"} | /headers/x-posthaste-a | is set by Posthaste and cannot be chosen
          headers | {"a": "1\\r\\nb: 2"} | /headers/a | the value must be printable ASCII, not begin or end with a space, and hold no control characters
          headers | {"a": "1", "A": "2"} | /headers/A | is given twice; upper and lower case are the same
          headers | {"x-token": "********"} | /headers/x-token | is the mask that answers show; send the value itself
          resourceScopes | {"vaults": []} | /resourceScopes/vaults | is not known here; known are vaultIds, matterIds
          """)
  void eachFaultHasItsPlaceAndSaysWhatToChange(
      String field, String json, String pointer, String message) throws Exception {
    assertThat(create(field, json.replace("\\\\", "\\")).fault(pointer)).isEqualTo(message);
  }

  @Test
  void anUnknownFieldIsRefusedWithTheOnesThereAre() throws Exception {
    assertThat(create("webhook/url", "1").fault("/webhook~1url"))
        .startsWith("is not known here; known are url, eventTypeFilters, description");
    var answer = acme.patch(ENDPOINTS + "/ep_1", "{\"secret\": \"x\"}");
    assertThat(answer.fault("/secret")).contains("known are url");
  }

  @Test
  void allFaultsAreToldAtOnce() throws Exception {
    JsonObject problem = acme.post(ENDPOINTS, "{\"uid\": 1, \"maxConcurrency\": 0}").problem(422);
    assertThat(problem.getJsonArray("errors")).hasSize(4);
    assertThat(problem.getString("detail")).contains("and 3 more");
  }

  @Test
  void whatIsNotJsonIsMalformedAndIsNotQuoted() throws Exception {
    var answer = acme.post(ENDPOINTS, "{\"secret\": \"whsec_hush\",\n oops}");
    assertThat(answer.problem(400).getString("detail")).contains("line 2, column");
    assertThat(answer.text()).doesNotContain("hush");
    acme.post(ENDPOINTS, "").problem(400);
    acme.post(ENDPOINTS, "{} {}").problem(400);
    acme.post(ENDPOINTS, "[".repeat(5_000)).problem(400);
    assertThat(acme.post(ENDPOINTS, "[]").fault("")).isEqualTo("must be an object, is a list");
    assertThat(acme.post(ENDPOINTS, "null").fault("")).isEqualTo("must be an object, is null");
  }

  @Test
  void anotherContentTypeIsRefused() throws Exception {
    acme.send("POST", ENDPOINTS, "application/x-www-form-urlencoded", "a=b").problem(415);
    acme.send("POST", ENDPOINTS, "application/json; charset=utf-8", "{}").problem(422);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    acme.post(ENDPOINTS, "\"" + "x".repeat(ApiServer.MAX_BODY) + "\"").problem(413);
  }

  @Test
  void anUnknownRouteIsAProblem() throws Exception {
    acme.get("/").problem(404);
    acme.get("/webhooks/v1/nothing").problem(404);
    acme.get("/webhooks/v1/endpoints/a/b/c").problem(404);
    server.as(null).post("/admin/v2/x", "{").problem(404);
  }

  @Test
  void aWrongMethodIsAProblemThatNamesTheRightOnes() throws Exception {
    var answer = acme.send("PUT", ENDPOINTS, "application/json", "{}");
    answer.problem(405);
    assertThat(answer.header("allow")).isEqualTo("GET, POST");
    assertThat(acme.post(ENDPOINTS + "/x", "{}").header("allow")).isEqualTo("DELETE, GET, PATCH");
    acme.get("/webhooks/v1/events/batch").ok(404);
    acme.delete("/webhooks/v1/events").problem(405);
    acme.post("/openapi.json", "").problem(405);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /webhooks/v1/endpoints?limit=0 | /query/limit
          /webhooks/v1/endpoints?limit=251 | /query/limit
          /webhooks/v1/endpoints?limit=abc | /query/limit
          /webhooks/v1/endpoints?limit= | /query/limit
          /webhooks/v1/endpoints?status=broken | /query/status
          /webhooks/v1/endpoints?cursor=!! | /query/cursor
          /webhooks/v1/deliveries?cursor=AQAAAAAAAAAB | /query/cursor
          /webhooks/v1/deliveries?status=active | /query/status
          /webhooks/v1/deliveries?http_status=99 | /query/http_status
          /webhooks/v1/deliveries?event_id=evt_1 | /query/event_id
          /webhooks/v1/deliveries?event_type=a%00b | /query/event_type
          /webhooks/v1/deliveries?since=yesterday | /query/since
          /webhooks/v1/deliveries?until=2026-01-01 | /query/until
          """)
  void aBadParameterIsNamed(String path, String pointer) throws Exception {
    assertThat(acme.get(path).fault(pointer)).isNotBlank();
  }

  @Test
  void controlCharactersOfTheCallerAreNotQuoted() throws Exception {
    assertThat(acme.get(ENDPOINTS + "/a%0a%1b%5b2J").problem(404).getString("detail"))
        .contains("'a??[2J'");
  }

  @Test
  void namesThatNoIdCanHaveAreNotThere() throws Exception {
    for (String name : Set.of("%00", "ep_1", "%F0%9F%98%80", "..%2f..", "a%20b")) {
      acme.get(ENDPOINTS + "/" + name).problem(404);
      acme.get(DELIVERIES + "/" + name).problem(404);
      acme.get("/webhooks/v1/events/" + name).problem(404);
      server.as(ApiServer.OPERATOR).get("/admin/v1/tenants/" + name).problem(404);
      server.as(ApiServer.OPERATOR).delete("/admin/v1/keys/" + name).problem(404);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/webhooks/v1/endpoints/%zz",
    "/webhooks/v1/endpoints?limit=%zz",
    "/webhooks/v1/endpoints/ep_1?any=%zz",
    "/%",
    "x"
  })
  void aTargetThatIsNoPathIsAProblemToo(String target) throws Exception {
    String answer =
        raw(
            "GET "
                + target
                + " HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-api-key: "
                + acme.key()
                + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 4").contains("application/problem+json");
  }

  private String raw(String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), acme.port());
        InputStream in = socket.getInputStream()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
