package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Endpoints disabled by their contract, and what is committed with it. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AutoDisableTest {
  private static final long TENANT = 10;

  private final IdGenerator ids = Samples.ids();
  private final List<String> seen = new ArrayList<>();
  private TestDatabase db;
  private EndpointStore endpoints;
  private Units units;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    AccountStore accounts = new AccountStore(db.database());
    Await.value(accounts.ensureAccount(1, "default"));
    Await.value(accounts.createTenant(1, Samples.tenant(TENANT, "acme")));
    OwnEvents own = Samples.own(db, Await.value(new NodeTable(db.database()).join()).fence());
    units = new Units(db.database(), own);
    endpoints =
        new EndpointStore(
            db.database(),
            new Sealer(Map.of("k", new byte[32])),
            (before, after) -> {
              seen.add(word(before) + " to " + word(after));
              return List.of(Samples.event(ids.next(), 99L));
            },
            own,
            endpoint -> false);
  }

  @AfterAll
  void close() {
    db.close();
  }

  private static String word(Optional<Endpoint> endpoint) {
    return endpoint.map(one -> one.status().code()).orElse("nothing");
  }

  private long create() {
    long id = ids.next();
    SigningSecret secret = new SigningSecret(Samples.SECRET, Optional.empty());
    Await.value(
        units.run(
            unit ->
                endpoints.create(
                    unit, Samples.endpoint(id, TENANT, "http://e"), ids.next(), secret, 1_000)));
    return id;
  }

  private Future<Optional<Endpoint>> change(
      long tenantId, long id, UnaryOperator<Endpoint> change) {
    return units.run(unit -> endpoints.change(unit, tenantId, id, change));
  }

  private Future<Boolean> delete(long id) {
    return units.run(unit -> endpoints.delete(unit, TENANT, id));
  }

  private void failures(long id, int count) {
    db.execute(
        "INSERT INTO endpoint_health (endpoint_id, consecutive_failures, failing_since, missed)"
            + " VALUES (%d, %d, now(), 5)".formatted(id, count));
  }

  private int events() {
    return Integer.parseInt(db.column("SELECT count(*) FROM event").getFirst());
  }

  @Test
  void ofManyWhoDisableOneDoesAndItsWordIsCommittedWithIt() {
    long id = create();
    failures(id, 50);
    int before = events();
    List<Future<Boolean>> races = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      races.add(endpoints.autoDisable(id, "failing", 50));
    }
    assertThat(races.stream().map(Await::value)).containsOnlyOnce(true);
    assertThat(events()).isEqualTo(before + 1);
    assertThat(seen.getLast()).isEqualTo("active to auto_disabled");
    Endpoint disabled = Await.value(endpoints.find(TENANT, id)).orElseThrow();
    assertThat(disabled.disabledReason()).contains("failing");
    assertThat(disabled.missedEvents()).isZero();
  }

  @Test
  void theAuditLogNamesTheSystemAndTheReason() {
    long id = create();
    failures(id, 50);
    Await.value(endpoints.autoDisable(id, "failing", 50));
    Await.value(endpoints.autoDisable(id, "failing", 50));
    var filter =
        new AuditLog.Filter(
            Optional.of(TENANT), Optional.empty(), Optional.of(PublicId.ENDPOINT.format(id)));
    List<AuditLog.Entry> found =
        Await.value(new AuditLog(db.database()).list(1, filter, Long.MAX_VALUE, 10));
    assertThat(found).hasSize(1);
    AuditLog.Entry entry = found.getFirst();
    assertThat(entry.action()).isEqualTo("endpoint.auto_disabled");
    assertThat(entry.actor().keyId()).isEqualTo(AuditLog.Actor.NO_KEY);
    assertThat(entry.actor().keyName()).isEqualTo("system");
    assertThat(entry.detail().getString("reason")).isEqualTo("failing");
    assertThat(entry.detail().getInteger("consecutiveFailures")).isEqualTo(50);
  }

  @Test
  void aSuccessThatHasJustComeSavesIt() {
    long id = create();
    failures(id, 49);
    assertThat(Await.value(endpoints.autoDisable(id, "failing", 50))).isFalse();
    assertThat(Await.value(endpoints.autoDisable(id, "gone", 0))).isTrue();
  }

  @Test
  void whatFailedBeforeItWasActivatedAgainDoesNotCountHoweverLateItIsReported() {
    long id = create();
    failures(id, 50);
    Await.value(endpoints.autoDisable(id, "failing", 50));
    Await.value(change(TENANT, id, AutoDisableTest::activated));
    HealthStore store = new HealthStore(db.database(), OwnEvents.ofNobody(db.database()));
    long before = System.currentTimeMillis() - 60_000;
    HealthStore.Change late = new HealthStore.Change(id, 3, before, before, 0);
    Await.value(store.report(List.of(late), over -> List.of()));
    assertThat(Await.value(endpoints.find(TENANT, id)).orElseThrow().consecutiveFailures())
        .isZero();
  }

  private static Endpoint activated(Endpoint endpoint) {
    return Samples.endpoint(
        endpoint.id(), TENANT, endpoint.url(), Endpoint.Status.ACTIVE, "standard");
  }

  @Test
  void aChangeIsNotMadeIfTheWordOfItCannotBeStored() {
    long id = create();
    db.execute("ALTER TABLE deferred ADD CONSTRAINT none CHECK (endpoint_id <> 99) NOT VALID");
    try {
      Await.failure(delete(id));
      Await.failure(endpoints.autoDisable(id, "gone", 0));
    } finally {
      db.execute("ALTER TABLE deferred DROP CONSTRAINT none");
    }
    assertThat(Await.value(endpoints.find(TENANT, id)).orElseThrow().status())
        .isEqualTo(Endpoint.Status.ACTIVE);
  }

  @Test
  void everyChangeIsShownAsItWasAndAsItIs() {
    seen.clear();
    long id = create();
    Await.value(change(TENANT, id, same -> same));
    Await.value(change(TENANT + 1, id, same -> same));
    Await.value(delete(id));
    Await.value(delete(id));
    assertThat(seen).containsExactly("nothing to active", "active to active", "active to nothing");
  }
}
