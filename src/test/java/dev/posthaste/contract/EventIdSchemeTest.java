package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.PublicId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventIdSchemeTest {
  @Test
  void the_same_update_published_twice_has_one_key() {
    assertThat(key("4fc5904d-0e44-4ed3-aa57-c4a47ad0ae4f"))
        .contains("evt_4fc5904d-0e44-4ed3-aa57-c4a47ad0ae4f_case_completed_1774131900000");
  }

  @Test
  void an_event_without_a_resource_gets_a_generated_id() {
    var event = Samples.event("a.b", "{}", Optional.empty(), 0);

    assertThat(EventIdScheme.DETERMINISTIC.idOf(event))
        .isEqualTo(PublicId.EVENT.format(event.id()));
    assertThat(EventIdScheme.DETERMINISTIC.dedupKey(Optional.empty(), "a.b", 0)).isEmpty();
  }

  @Test
  void generated_ids_recognise_no_repeats() {
    assertThat(EventIdScheme.GENERATED.dedupKey(Optional.of("r"), "a.b", 0)).isEmpty();
  }

  @Test
  void a_resource_id_cannot_break_out_of_a_header() {
    assertThat(key("a\r\nx: é%"))
        .contains("evt_a%0D%0Ax:%20%C3%A9%25_case_completed_1774131900000");
  }

  @Test
  void an_id_that_follows_from_the_content_tells_when_the_event_occurred() {
    assertThat(EventIdScheme.occurredAtOf(key("a b_7").orElseThrow())).hasValue(1_774_131_900_000L);
    assertThat(EventIdScheme.occurredAtOf("evt_r_a_b_-5")).hasValue(-5);
    for (String other : List.of("evt_01JGFJJZ00000G40R40M30E209", "evt_9", "r_a_5", "evt_r_a_5x")) {
      assertThat(EventIdScheme.occurredAtOf(other)).isEmpty();
    }
  }

  private static Optional<String> key(String resource) {
    return EventIdScheme.DETERMINISTIC.dedupKey(
        Optional.of(resource), "case.completed", 1_774_131_900_000L);
  }
}
