package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Event;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import dev.posthaste.support.Samples;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Deliveries to destinations that events bring. Each test has URLs of its own. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectDeliveryTest {
  private static final long UNSIGNED = 50;
  private static final long SIGNED = 51;
  private static final long BARE = 52;

  private DispatchRig rig;

  @BeforeAll
  void open(DatabaseUrl url) {
    rig = new DispatchRig(url, Tuning.PLAIN);
    rig.registry.put(tenant(UNSIGNED, "offload"));
    rig.registry.put(tenant(SIGNED, "quick"));
    rig.registry.putDirectSecrets(
        SIGNED, List.of(new SigningSecret(Samples.SECRET, Optional.empty())));
  }

  @AfterAll
  void close() {
    rig.close();
  }

  private static Tenant tenant(long id, String contract) {
    return new Tenant(
        id, "t" + id, "t", contract, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private Event event(long tenant, String url) {
    Event one = rig.newEvent();
    return new Event(
        one.id(),
        tenant,
        one.type(),
        one.occurredAtMillis(),
        Optional.of("case-1"),
        Optional.empty(),
        one.data(),
        Optional.empty(),
        List.of(DirectTarget.id(tenant, url)),
        Optional.of(url),
        OptionalLong.empty());
  }

  private List<String> attempts(Event event) {
    return rig.attempts(event.targets().getFirst());
  }

  @Test
  void itIsPostedByTheContractOfItsTenant() {
    Event event = event(UNSIGNED, rig.receiver.url("/direct"));
    rig.send(List.of(event));
    await().until(() -> attempts(event), List.of("1:1:200")::equals);
    Received received = rig.receiver.received("/direct").getFirst();
    assertThat(received.body()).startsWith("{\"event_id\":\"evt_case-1_order_paid_1774131900007\"");
    assertThat(received.headers().names().stream().filter(name -> name.startsWith("webhook-")))
        .isEmpty();
  }

  @Test
  void withoutRetriesTheOnlyAttemptDecidesAndNothingWaits() {
    rig.receiver.answer("/down", Answer.of(500));
    Event event = event(UNSIGNED, rig.receiver.url("/down"));
    rig.send(List.of(event));
    await().until(() -> attempts(event), List.of("1:3:500")::equals);
    assertThat(rig.count("deferred WHERE event_id = " + event.id())).isZero();
  }

  @Test
  void aContractThatSignsAndTriesAgainDoesSoHereToo() {
    rig.receiver.answer("/flaky", request -> Answer.of(request.number() < 3 ? 500 : 204));
    Event event = event(SIGNED, rig.receiver.url("/flaky"));
    rig.send(List.of(event));
    await().until(() -> attempts(event), List.of("1:2:500", "2:2:500", "3:1:204")::equals);
    assertThat(rig.receiver.received("/flaky"))
        .allMatch(one -> one.headers().get("webhook-signature").startsWith("v1,"));
    await().until(() -> rig.count("deferred WHERE event_id = " + event.id()) == 0);
  }

  @Test
  void goneEndsTheDeliveryAndDisablesNothing() {
    rig.receiver.answer("/gone", Answer.of(410));
    Event event = event(SIGNED, rig.receiver.url("/gone"));
    rig.send(List.of(event));
    await().until(() -> attempts(event), List.of("1:3:410")::equals);
    assertThat(rig.gone).doesNotContain(event.targets().getFirst());
    Event next = event(SIGNED, rig.receiver.url("/gone"));
    rig.send(List.of(next));
    await().until(() -> attempts(next).size() == 2);
  }

  @Test
  void whatNobodyHasInMemoryIsFoundAgain() {
    Event event = event(SIGNED, rig.receiver.url("/recovered"));
    rig.recover(List.of(event));
    await().until(() -> attempts(event), List.of("1:1:200")::equals);
    await().until(() -> rig.count("deferred WHERE event_id = " + event.id()) == 0);
  }

  @Test
  void anAddressThatIsNotAllowedIsRefusedWhenItIsConnectedTo() {
    Event event = event(UNSIGNED, "http://169.254.169.254/latest/meta-data");
    rig.send(List.of(event));
    await().until(() -> attempts(event), List.of("1:3:0")::equals);
    assertThat(rig.db.column("SELECT reason FROM attempt WHERE event_id = " + event.id()))
        .containsExactly("7");
  }

  @Test
  void whatCouldNotBeSignedGoesOnByItselfOnceTheTenantHasASecret() {
    rig.registry.put(tenant(BARE, "quick"));
    Event event = event(BARE, rig.receiver.url("/bare"));
    rig.send(List.of(event));
    String waiting = "deferred WHERE leased_by IS NULL AND event_id = " + event.id();
    await().until(() -> rig.count(waiting) == 1);
    assertThat(rig.receiver.received("/bare")).isEmpty();
    rig.registry.putDirectSecrets(
        BARE, List.of(new SigningSecret(Samples.SECRET, Optional.empty())));
    // A minute must not pass in a test.
    rig.db.execute("UPDATE deferred SET due_at = now() WHERE event_id = " + event.id());
    await().until(() -> attempts(event), List.of("1:1:200")::equals);
    assertThat(rig.receiver.received("/bare").getFirst().headers().get("webhook-signature"))
        .startsWith("v1,");
  }

  @Test
  void theNewSecretOfATenantSignsWithoutARestart() {
    Event before = event(SIGNED, rig.receiver.url("/rotated"));
    rig.send(List.of(before));
    await().until(() -> attempts(before).size() == 1);
    String other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    rig.registry.putDirectSecrets(
        SIGNED,
        List.of(
            new SigningSecret(other, Optional.empty()),
            new SigningSecret(Samples.SECRET, Optional.empty())));
    Event after = event(SIGNED, rig.receiver.url("/rotated"));
    rig.send(List.of(after));
    await().until(() -> attempts(after).size() == 2);
    assertThat(
            rig.receiver.received("/rotated").stream()
                .map(one -> one.headers().get("webhook-signature").split(" ").length))
        .containsExactly(1, 2);
  }
}
