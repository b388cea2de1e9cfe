package dev.posthaste.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.contract.ContractReader;
import dev.posthaste.contract.Contracts;
import dev.posthaste.dispatch.DispatchObserver;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.Reply;
import dev.posthaste.event.Settlement;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.AlertSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.Fence;
import dev.posthaste.store.NodeTable;
import dev.posthaste.store.OwnEvents;
import dev.posthaste.store.Sealer;
import dev.posthaste.store.Units;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What two nodes have seen of one endpoint is one count after one heartbeat of each: the nodes here
 * make one round, as they start, and their next heartbeat never comes. The contract {@code casedev}
 * disables after 50 failures in a row.
 */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoNodesCountTogetherTest {
  private static final long TENANT = 10;
  private static final Duration NEVER = Duration.ofDays(1);

  private final IdGenerator ids = Samples.ids();
  private final Contracts contracts = ContractReader.read(Optional.empty());
  private final Sealer sealer = new Sealer(Map.of("k", new byte[32]));
  private final List<String> rounds = new ArrayList<>();
  private TestDatabase db;
  private Endpoint endpoint;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    AccountStore accounts = new AccountStore(db.database());
    Await.value(accounts.ensureAccount(1, "default"));
    Await.value(accounts.createTenant(1, Samples.tenant(TENANT, "acme")));
  }

  @AfterAll
  void close() {
    rounds.forEach(id -> Await.value(db.vertx().undeploy(id)));
    db.close();
  }

  private void create() {
    OwnEvents own = Samples.own(db, Await.value(new NodeTable(db.database()).join()).fence());
    EndpointStore endpoints =
        new EndpointStore(
            db.database(), sealer, (before, after) -> List.of(), own, endpoint -> false);
    endpoint = Samples.endpoint(ids.next(), TENANT, "http://e", Endpoint.Status.ACTIVE, "casedev");
    SigningSecret secret = new SigningSecret(Samples.SECRET, Optional.empty());
    Await.value(
        new Units(db.database(), own)
            .run(unit -> endpoints.create(unit, endpoint, ids.next(), secret, 1_000)));
  }

  /** One node, and what a loop of it has seen before it makes its round. */
  private final class Seen {
    private final Loop loop = db.loop();
    private final Alerts alerts;
    private final DispatchObserver observer;

    Seen() {
      Fence fence = Await.value(new NodeTable(db.database()).join()).fence();
      Registry registry = new Registry(Map.of());
      registry.put(Samples.tenant(1, Alerts.TENANT));
      registry.put(Samples.tenant(TENANT, "acme"));
      registry.put(List.of(endpoint));
      alerts =
          new Alerts(
              new Alerts.Parts(
                  db.database(),
                  sealer,
                  fence.node(),
                  Samples.own(db, fence),
                  registry,
                  contracts,
                  new AlertSettings(Duration.ofMinutes(5), 10),
                  NEVER,
                  Future::succeededFuture,
                  Clock.systemUTC()));
      observer = loop.get(() -> alerts.observer(db.vertx()));
    }

    Seen failures(int deliveries) {
      loop.run(
          () -> {
            for (int i = 0; i < deliveries; i++) {
              fail();
            }
            return Future.succeededFuture();
          });
      return this;
    }

    private void fail() {
      long event = ids.next();
      Reply reply = new Reply.Answered(400, "", Optional.empty(), 0, Optional.empty());
      observer.attempted(
          endpoint,
          new Delivery(
              Samples.event(event, endpoint.id()),
              endpoint.id(),
              0,
              Attempt.Trigger.LIVE,
              false,
              Optional.empty(),
              Settlement.NONE),
          new Attempt(
              new DeliveryId(event, endpoint.id()),
              1,
              Attempt.Outcome.FAILED,
              Attempt.Trigger.LIVE,
              Optional.of(reply),
              System.currentTimeMillis()));
    }

    void makesItsRound() {
      rounds.add(Await.value(db.vertx().deployVerticle(alerts.verticle())));
    }
  }

  private String standing() {
    return db.column(
            "SELECT coalesce(h.consecutive_failures, 0) || ' ' || coalesce(e.disabled_reason, 'active')"
                + " FROM endpoint e LEFT JOIN endpoint_health h ON h.endpoint_id = e.id WHERE e.id = "
                + endpoint.id())
        .getFirst();
  }

  @Test
  void oneRoundOfEachMakesTheCountExactAndDisables() {
    create();
    Seen one = new Seen().failures(30);
    Seen other = new Seen().failures(20);
    one.makesItsRound();
    assertThat(standing()).isEqualTo("30 active");
    other.makesItsRound();
    assertThat(standing()).isEqualTo("50 failing");
  }

  @Test
  void oneFailureLessDoesNotDisable() {
    create();
    Seen one = new Seen().failures(30);
    Seen other = new Seen().failures(19);
    other.makesItsRound();
    one.makesItsRound();
    assertThat(standing()).isEqualTo("49 active");
  }
}
