package dev.posthaste.loadtest.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.posthaste.loadtest.plan.Kind;
import dev.posthaste.loadtest.plan.Leg;
import dev.posthaste.loadtest.plan.Plan;
import dev.posthaste.loadtest.plan.RunLedger;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublisherTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = "evt_01M7Y9QRFP00002RJAN4PVABBP";

  private static final long BEGAN = 1_800_000_000_000_000L;

  @TempDir private Path folder;

  private long now = BEGAN;

  @Test
  void marksEachEventWithTheTimeAtWhichItWasDue() throws IOException {
    Publisher publisher = publisher(1, 0);
    long first = at(publisher.request(0));
    now += 5_000_000;
    long later = at(publisher.request(150));

    assertThat(first).isEqualTo(BEGAN);
    assertThat(later - first).isEqualTo(1_500_000);
  }

  private static long at(Request request) throws IOException {
    return JSON.readTree(request.body()).path("data").path("at").asLong();
  }

  @Test
  void makesABatchOfSoManyEvents() throws IOException {
    Request request = publisher(3, 0).request(0);
    JsonNode events = JSON.readTree(request.body());

    assertThat(events).hasSize(3);
    assertThat(request.events()).isEqualTo(3);
    assertThat(events.get(2).path("type").asText()).isEqualTo("load.0000");
    assertThat(events.get(2).path("data").path("run").asText()).isEqualTo("0007");
    assertThat(events.get(2).path("data").path("n").asText()).isEqualTo("0000000002");
    assertThat(events.get(0).path("data").toString()).hasSize(200);
  }

  @Test
  void writesDownWhatWasAnswered() throws IOException {
    Publisher publisher = publisher(1, 0);
    Request taken = publisher.request(0);
    now += 10_000;
    Request refused = publisher.request(1);
    publisher.answered(taken, 202, ("{\"id\":\"" + ID + "\"}").getBytes(StandardCharsets.UTF_8));
    publisher.answered(refused, 429, new byte[0]);
    publisher.write(folder);

    RunLedger ledger = RunLedger.read(folder.resolve("7"));
    assertThat(ledger.sent().size()).isEqualTo(2);
    assertThat(ledger.id(0)).isEqualTo(ID);
    assertThat(ledger.accepted().get(1)).isZero();
    assertThat(ledger.others()).containsEntry(429, 1);
    assertThat(Long.parseLong(Files.readString(folder.resolve("began.txt")))).isEqualTo(BEGAN);
  }

  @Test
  void isOverrunOnceSoMuchIsUnanswered() {
    Publisher publisher = publisher(1, 2_000);
    for (int user = 0; user < 200; user++) {
      publisher.request(user);
    }
    assertThat(publisher.isOverrun()).isFalse();
    publisher.request(200);
    assertThat(publisher.isOverrun()).isTrue();
  }

  @Test
  void goesOnForEverIfNotToldOtherwise() {
    Publisher publisher = publisher(1, 0);
    for (int user = 0; user < 300; user++) {
      publisher.request(user);
    }
    assertThat(publisher.isOverrun()).isFalse();
  }

  @Test
  void isOverrunOnceItIsTooLateItself() {
    Publisher publisher = publisher(1, 2_000);
    publisher.request(0);
    now += 2_500_000;
    publisher.request(1);
    assertThat(publisher.isOverrun()).isTrue();
  }

  @Test
  void takesTheLeastLateUserForTheBeginning() {
    Anchor anchor = new Anchor();
    anchor.see(1_500, 0);
    anchor.see(1_210, 200);
    anchor.see(1_900, 400);

    assertThat(anchor.micros()).isEqualTo(1_010);
  }

  private Publisher publisher(int batch, int stopMillis) {
    return new Publisher(plan(batch, stopMillis), () -> now);
  }

  private static Plan plan(int batch, int stopMillis) {
    return new Plan(
        URI.create("http://127.0.0.1:1"),
        batch,
        200,
        7,
        stopMillis,
        List.of(Leg.level("level", 100, 10)),
        List.of(new Kind("load.0000", "key", 1, true)));
  }
}
