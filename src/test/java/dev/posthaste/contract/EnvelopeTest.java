package dev.posthaste.contract;

import static dev.posthaste.contract.Samples.OCCURRED_AT;
import static dev.posthaste.contract.Samples.TENANT;
import static dev.posthaste.contract.Samples.contract;
import static dev.posthaste.contract.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.posthaste.event.Event;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final String ID = PublicId.EVENT.format(Samples.EVENT_ID);

  @Test
  void standard_writes_type_timestamp_data_id() {
    assertThat(body("standard", "a.b", "{\"x\":1}"))
        .isEqualTo(
            "{\"type\":\"a.b\",\"timestamp\":\"2026-03-21T22:25:00.007Z\",\"data\":{\"x\":1},\"id\":\""
                + ID
                + "\"}");
  }

  @Test
  void casedev_writes_id_type_occurred_at_data() {
    assertThat(body("casedev", "a.b", "{}"))
        .isEqualTo(
            "{\"id\":\""
                + ID
                + "\",\"type\":\"a.b\",\"occurred_at\":\"2026-03-21T22:25:00.007Z\",\"data\":{}}");
  }

  @Test
  void agentpost_writes_the_ids_of_organisation_and_environment() {
    assertThat(body("agentpost", "a.b", "{}"))
        .isEqualTo(
            "{\"id\":\""
                + ID
                + "\",\"type\":\"a.b\",\"timestamp\":\"2026-03-21T22:25:00.007Z\","
                + "\"org_id\":\"org_7\",\"env_id\":\"env_\\\"live\\\"\",\"data\":{}}");
  }

  @Test
  void ids_that_a_tenant_does_not_have_are_null() {
    Optional<String> none = Optional.empty();
    Tenant bare = new Tenant(1, "t", "T", "agentpost", none, none, none);

    assertThat(contract("agentpost").body(event("a", "{}"), bare).text())
        .contains("\"org_id\":null,\"env_id\":null,");
  }

  @Test
  void offload_writes_a_deterministic_id_and_milliseconds() {
    Event completed =
        event(
            "case.completed",
            "{}",
            Optional.of("4fc5904d-0e44-4ed3-aa57-c4a47ad0ae4f"),
            1_774_131_900_000L);

    assertThat(contract("offload").body(completed, TENANT).text())
        .isEqualTo(
            "{\"event_id\":\"evt_4fc5904d-0e44-4ed3-aa57-c4a47ad0ae4f_case_completed_1774131900000\","
                + "\"event_type\":\"case.completed\",\"timestamp\":1774131900000,\"data\":{}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ \"b\" : 1,\n\t\"a\":  [1.0, 1e400, 00]  }",
        "{\"z\":\"\\u00e9\\/\",\"a\":\"é💌\u2028\"}",
        "  null ",
        "{\"id\":\"evt_other\",\"id\":2}"
      })
  void data_comes_through_byte_for_byte(String data) {
    for (String name : ContractReader.read(Optional.empty()).names()) {
      assertThat(body(name, "a.b", data)).contains("\"data\":" + data);
    }
  }

  @Test
  void strings_of_any_kind_make_valid_json() throws IOException {
    String odd = "a\"b\\c\n\u0000\u2028é💌";
    JsonNode parsed = new ObjectMapper().readTree(body("standard", odd, "{}"));

    assertThat(parsed.get("type").textValue()).isEqualTo(odd);
  }

  @Test
  void half_a_surrogate_pair_does_not_stop_a_message() throws IOException {
    JsonNode parsed = new ObjectMapper().readTree(body("standard", "a\ud83d", "{}"));

    assertThat(parsed.get("type").textValue()).isEqualTo("a?");
  }

  private static String body(String contract, String type, String data) {
    Event event = event(type, data, Optional.of("res_1"), OCCURRED_AT);
    return contract(contract).body(event, TENANT).text();
  }
}
