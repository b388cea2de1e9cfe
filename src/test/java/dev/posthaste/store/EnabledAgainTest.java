package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Endpoint.Status;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnabledAgainTest {
  private static final long TENANT = 1;

  private final IdGenerator ids = new IdGenerator(Clock.systemUTC(), 1, 0);
  private TestDatabase db;
  private Units units;
  private EndpointStore endpoints;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    AccountStore accounts = new AccountStore(db.database());
    Await.value(accounts.ensureAccount(1, "default"));
    Await.value(accounts.createTenant(1, Samples.tenant(TENANT, "acme")));
    units = new Units(db.database());
    endpoints =
        new EndpointStore(
            db.database(),
            new Sealer(Map.of("k", new byte[32])),
            EndpointWitness.NONE,
            OwnEvents.ofNobody(db.database()),
            endpoint -> endpoint.contract().filter("drops"::equals).isPresent());
  }

  @AfterAll
  void close() {
    db.close();
  }

  private Endpoint endpoint(long id, Status status, String contract) {
    return Samples.endpoint(id, TENANT, "http://e", status, contract);
  }

  private long create(String contract) {
    long id = ids.next();
    SigningSecret secret = new SigningSecret(Samples.SECRET, Optional.empty());
    Endpoint made = endpoint(id, Status.ACTIVE, contract);
    Await.value(units.run(unit -> endpoints.create(unit, made, ids.next(), secret, 1_000)));
    return id;
  }

  private Optional<Instant> turn(long id, Status status, String contract) {
    return Await.value(
            units.run(
                unit ->
                    endpoints.change(unit, TENANT, id, before -> endpoint(id, status, contract))))
        .orElseThrow()
        .droppedBefore();
  }

  private List<String> dropping(long id) {
    return db.column("SELECT put_before FROM dropping WHERE endpoint_id = " + id);
  }

  @Test
  void whatWaitsIsDroppedEachTimeThatItIsEnabledAgain() {
    long id = create("drops");
    assertThat(turn(id, Status.ACTIVE, "drops")).isEmpty();
    assertThat(turn(id, Status.DISABLED, "drops")).isEmpty();
    Optional<Instant> first = turn(id, Status.ACTIVE, "drops");
    assertThat(first).isPresent();
    assertThat(turn(id, Status.ACTIVE, "drops")).isEqualTo(first);
    turn(id, Status.DISABLED, "drops");
    assertThat(turn(id, Status.ACTIVE, "drops").orElseThrow()).isAfter(first.orElseThrow());
    assertThat(dropping(id)).hasSize(1);
  }

  @Test
  void aContractThatKeepsItLeavesItAlone() {
    long id = create("keeps");
    turn(id, Status.DISABLED, "keeps");
    assertThat(turn(id, Status.ACTIVE, "keeps")).isEmpty();
    assertThat(dropping(id)).isEmpty();
  }

  @Test
  void theContractUnderWhichItIsEnabledDecides() {
    long id = create("keeps");
    turn(id, Status.DISABLED, "keeps");
    assertThat(turn(id, Status.ACTIVE, "drops")).isPresent();
    assertThat(dropping(id)).hasSize(1);
  }
}
