package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.OrderKey;
import dev.posthaste.event.Ordering;
import dev.posthaste.event.Ordering.OnFailure;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events for endpoints that want their deliveries in order; endpoint 11 of the rig wants none. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrderedIngestTest {
  private static final String ROWS =
      "SELECT concat_ws('|', endpoint_id, order_key, attempts, trigger, reason, due_at <= now()) FROM"
          + " deferred ORDER BY order_place";
  private IngestRig rig;

  @BeforeAll
  void open(DatabaseUrl url) {
    rig = new IngestRig(url, url, IngestRig.SETTINGS);
    rig.registry.put(
        List.of(
            Samples.ordered(
                12, 1, "http://d", "standard", new Ordering(Optional.empty(), OnFailure.SKIP)),
            Samples.ordered(
                13,
                1,
                "http://e",
                "standard",
                new Ordering(Optional.of("/data/caseId"), OnFailure.BLOCK))));
  }

  @AfterAll
  void close() {
    rig.close();
  }

  @BeforeEach
  void clear() {
    rig.db.execute("TRUNCATE event, event_key, deferred");
    settle();
    rig.waiting.clear();
  }

  private void settle() {
    rig.handedOver.forEach(delivery -> delivery.settlement().settled());
    rig.handedOver.clear();
  }

  @Test
  void orderedTargetsWaitInTheTableInTheOrderOfTheEventsAndAreSettledFromTheStart() {
    rig.send(
        rig.request("/events/batch"), "[" + event("b") + "," + event("a") + "," + event("b") + "]");
    assertThat(rig.db.column(ROWS))
        .containsExactly(
            "12||0|1|9|t",
            "13|b|0|1|9|t",
            "12||0|1|9|t",
            "13|a|0|1|9|t",
            "12||0|1|9|t",
            "13|b|0|1|9|t");
    assertThat(
            rig.db.column(
                "SELECT event_id FROM deferred WHERE endpoint_id = 12 ORDER BY order_place"))
        .isEqualTo(rig.db.column("SELECT id FROM event ORDER BY id"));
    assertThat(rig.waiting)
        .containsExactly(new OrderKey(12, ""), new OrderKey(13, "b"), new OrderKey(13, "a"));
    assertThat(rig.handedOver).extracting(Delivery::endpointId).containsExactly(11L, 11L, 11L);
    settle();
    long newest = Long.parseLong(rig.db.column("SELECT max(id) FROM event").getFirst());
    assertThat(rig.settledBelow()).isGreaterThan(newest);
  }

  @Test
  void repeatsGetNoRow() {
    String keyed = "{\"type\":\"order.paid\",\"id\":\"one\",\"data\":{\"caseId\":\"x\"}}";
    rig.send(rig.request("/events/batch"), "[" + keyed + "," + keyed + "]");
    rig.waiting.clear();
    assertThat(rig.post(keyed).body()).contains("\"duplicate\":true");
    assertThat(rig.db.column(ROWS)).containsExactly("12||0|1|9|t", "13|x|0|1|9|t");
    assertThat(rig.waiting).isEmpty();
  }

  @Test
  void eventsWithoutTheValueAreInOneOrderAmongThemselves() {
    rig.post("{\"type\":\"order.paid\",\"data\":{\"other\":1}}");
    rig.post("{\"type\":\"order.paid\",\"data\":7}");
    assertThat(rig.db.column("SELECT order_key FROM deferred WHERE endpoint_id = 13"))
        .containsExactly("", "");
  }

  private static String event(String caseId) {
    return "{\"type\":\"order.paid\",\"data\":{\"caseId\":\"" + caseId + "\"}}";
  }
}
