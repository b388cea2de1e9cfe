package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Endpoint.RateLimit;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.jobs.JobRunner;
import dev.posthaste.lane.MemoryBudget;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.JobSettings;
import dev.posthaste.store.DeliveryRecord;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.Job;
import dev.posthaste.store.JobStore;
import dev.posthaste.store.Sealer;
import dev.posthaste.store.Units;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import dev.posthaste.support.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ranges of deliveries are brought back, paced, through restarts and crashes. */
@ExtendWith(PostgresExtension.class)
class RecoverTest {
  private static final int FAILED = 3;
  private static final int DELIVERED = 1;

  private final IdGenerator ids = new IdGenerator(Clock.systemUTC(), 7, 0);
  private DispatchRig rig;
  private JobStore jobs;
  private long endpoint;

  private void open(DatabaseUrl url, Tuning tuning) {
    rig = new DispatchRig(url, tuning);
    jobs = new JobStore(rig.db.database());
    rig.db.execute(
        "INSERT INTO account (id, name) VALUES (1, 'main')",
        "INSERT INTO tenant (id, account_id, uid, name, contract) VALUES (1, 1, 't', 't', 'quick')");
    useNewEndpoint();
  }

  private void useNewEndpoint() {
    endpoint = rig.endpoint("/in", "quick");
    rig.db.execute(
        "INSERT INTO endpoint (id, tenant_id, url, event_type_filters) VALUES (%d, 1, 'u', '{order.*}')"
            .formatted(endpoint));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static void eventually(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
  }

  private String run(int maxWaiting) {
    EndpointStore endpoints =
        new EndpointStore(rig.db.database(), new Sealer(Map.of("k", new byte[32])));
    JobSettings settings = new JobSettings(maxWaiting, 4, Duration.ofMillis(50));
    return Await.value(
        rig.db
            .vertx()
            .deployVerticle(
                new JobRunner(
                    rig.db.database(),
                    endpoints,
                    rig.registry,
                    Set.of(),
                    settings,
                    Duration.ofMillis(50))));
  }

  private void events(int count, String type, Optional<Integer> outcome) {
    for (int i = 0; i < count; i++) {
      long id = ids.next();
      rig.db.execute(
          "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets) VALUES (%d, 1, '%s', 0, '{}', '{%s}')"
              .formatted(id, type, outcome.isPresent() ? endpoint : ""));
      outcome.ifPresent(
          number ->
              rig.db.execute(
                  "INSERT INTO attempt VALUES (%d, %d, 1, %d, 1, 500, NULL, 1, NULL, NULL, 0)"
                      .formatted(id, endpoint, number)));
    }
  }

  private long start(Job.Picks picks) {
    Job job =
        new Job(
            ids.next(),
            1,
            endpoint,
            picks,
            new Job.Range(0, ids.next()),
            Job.State.RUNNING,
            -1,
            Optional.empty(),
            new Job.Counts(0, 0, 0),
            new Job.Creator(9, "ops"),
            Instant.EPOCH,
            Optional.empty());
    JobStore.Created created =
        Await.value(new Units(rig.db.database()).run(unit -> jobs.create(unit, job)));
    assertThat(created).isInstanceOf(JobStore.Created.Fresh.class);
    return job.id();
  }

  private Job job(long id) {
    return Await.value(jobs.find(1, id)).orElseThrow();
  }

  private Job ended(long id) {
    eventually(() -> rig.count("job WHERE state IN (1, 2) AND id = " + id) == 0);
    return job(id);
  }

  private List<DeliveryRecord> deliveries() {
    DeliveryStore.Filter filter =
        new DeliveryStore.Filter(
            Optional.of(endpoint), Optional.empty(), Optional.empty(), Optional.empty());
    DeliveryStore.Window all =
        DeliveryStore.Window.downFrom(DeliveryStore.Window.TOP, 0, Long.MAX_VALUE, 1_000);
    return Await.value(new DeliveryStore(rig.db.database()).list(1, filter, all)).rows();
  }

  @Test
  void whatFailedWhatWasMissedAndWhatWasTakenComesBackAsAsked(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN);
    events(7, "order.paid", Optional.of(FAILED));
    events(2, "order.paid", Optional.of(DELIVERED));
    events(5, "order.paid", Optional.empty());
    events(3, "other.thing", Optional.empty());
    run(1_000);
    Job failed = ended(start(Job.Picks.FAILED));
    assertThat(failed.state()).isEqualTo(Job.State.DONE);
    assertThat(failed.total()).contains(7L);
    assertThat(failed.counts()).isEqualTo(new Job.Counts(7, 7, 0));
    assertThat(deliveries()).hasSize(9);
    assertThat(ended(start(Job.Picks.MISSED)).counts()).isEqualTo(new Job.Counts(5, 5, 0));
    assertThat(deliveries())
        .hasSize(14)
        .allMatch(delivery -> delivery.state() == DeliveryRecord.State.DELIVERED);
    assertThat(ended(start(Job.Picks.MISSED)).counts()).isEqualTo(new Job.Counts(0, 0, 0));
    assertThat(ended(start(Job.Picks.FAILED)).counts()).isEqualTo(new Job.Counts(0, 0, 0));
    assertThat(ended(start(Job.Picks.ALL)).counts()).isEqualTo(new Job.Counts(14, 14, 0));
    assertThat(rig.receiver.received("/in")).hasSize(7 + 5 + 14);
    assertThat(rig.count("deferred")).isZero();
    assertThat(rig.count("job_delivery")).isZero();
  }

  @Test
  void whatFailsAgainIsCounted(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN);
    rig.receiver.answer("/in", Answer.of(400));
    events(3, "order.paid", Optional.of(FAILED));
    run(1_000);
    assertThat(ended(start(Job.Picks.FAILED)).counts()).isEqualTo(new Job.Counts(3, 0, 3));
  }

  @Test
  void noMoreThanAllowedWaitAndACancelTakesThemBack(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN.withoutClaims());
    events(4, "order.paid", Optional.of(FAILED));
    events(20, "order.paid", Optional.empty());
    long id = start(Job.Picks.ALL);
    run(6);
    eventually(() -> job(id).counts().queued() == 6);
    rig.db.execute(
        "UPDATE deferred SET leased_by = 1 WHERE event_id = (SELECT min(event_id) FROM deferred)");
    assertThat(rig.count("added_target")).isEqualTo(2);
    Optional<JobStore.Canceled> canceled =
        Await.value(new Units(rig.db.database()).run(unit -> jobs.cancel(unit, 1, id)));
    assertThat(canceled.orElseThrow().job().state()).isEqualTo(Job.State.CANCELED);
    assertThat(rig.count("deferred")).isEqualTo(1);
    assertThat(rig.count("added_target")).isZero();
    assertThat(rig.count("job_delivery")).isZero();
    assertThat(job(id).counts().queued()).isEqualTo(6);
    assertThat(deliveries()).hasSize(4);
  }

  @Test
  void anotherRunnerGoesOnWhereOneStopped(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN.withoutClaims());
    events(24, "order.paid", Optional.of(FAILED));
    long id = start(Job.Picks.FAILED);
    String first = run(8);
    eventually(() -> job(id).counts().queued() == 8);
    Await.value(rig.db.vertx().undeploy(first));
    rig.db.execute("DELETE FROM deferred");
    run(8);
    eventually(() -> job(id).counts().queued() == 16);
    assertThat(job(id).counts().failed()).isEqualTo(8);
    rig.db.execute("DELETE FROM deferred");
    eventually(() -> job(id).counts().queued() == 24);
    rig.db.execute("DELETE FROM deferred");
    assertThat(ended(id).counts()).isEqualTo(new Job.Counts(24, 0, 24));
  }

  @Test
  void aStepThatIsKilledHasDoneNothingAndIsTakenAgain(@PerTest DatabaseUrl url)
      throws SQLException {
    open(url, Tuning.PLAIN);
    events(10, "order.paid", Optional.empty());
    try (Connection busy = Sql.connect(url);
        var statement = busy.createStatement()) {
      busy.setAutoCommit(false);
      statement.execute("LOCK TABLE added_target IN EXCLUSIVE MODE");
      long id = start(Job.Picks.MISSED);
      run(1_000);
      String blocked =
          "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
              + " AND wait_event_type = 'Lock' AND query LIKE '%added_target%'";
      eventually(() -> !rig.db.column(blocked).isEmpty());
      rig.db.execute(blocked.replace("SELECT pid", "SELECT pg_terminate_backend(pid)"));
      assertThat(rig.count("deferred")).isZero();
      assertThat(rig.count("job WHERE queued = 0")).isEqualTo(1);
      busy.rollback();
      assertThat(ended(id).counts()).isEqualTo(new Job.Counts(10, 10, 0));
    }
    assertThat(rig.receiver.received("/in")).hasSize(10);
  }

  @Test
  void aJobThatFailsWaitsByItselfWhileOthersGoOn(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN);
    events(2, "order.paid", Optional.of(FAILED));
    long failing = start(Job.Picks.FAILED);
    rig.db.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
            + " 'refused'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON job_delivery FOR EACH ROW WHEN (NEW.job_id = %d)"
                .formatted(failing)
            + " EXECUTE FUNCTION refuse()");
    useNewEndpoint();
    events(3, "order.paid", Optional.of(FAILED));
    long other = start(Job.Picks.FAILED);
    run(1_000);
    assertThat(ended(other).counts()).isEqualTo(new Job.Counts(3, 3, 0));
    eventually(
        () ->
            rig.count(
                    "job WHERE next_at > now() + interval '1 s' AND state = 1 AND id = " + failing)
                == 1);
    rig.db.execute("DROP TRIGGER refuse ON job_delivery");
    assertThat(ended(failing).counts()).isEqualTo(new Job.Counts(2, 2, 0));
  }

  @Test
  void itPausesWithItsEndpointAndEndsWithIt(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN.withoutClaims());
    events(5, "order.paid", Optional.of(FAILED));
    rig.db.execute("UPDATE endpoint SET status = 2");
    long id = start(Job.Picks.FAILED);
    run(2);
    eventually(() -> job(id).state() == Job.State.PAUSED);
    assertThat(rig.count("deferred")).isZero();
    rig.db.execute("UPDATE endpoint SET status = 1");
    eventually(() -> job(id).counts().queued() == 2);
    assertThat(job(id).state()).isEqualTo(Job.State.RUNNING);
    rig.db.execute("UPDATE endpoint SET deleted_at = now()");
    assertThat(ended(id).state()).isEqualTo(Job.State.ENDPOINT_DELETED);
    assertThat(rig.count("deferred")).isZero();
  }

  @Test
  void liveDeliveriesOvertakeIt(@PerTest DatabaseUrl url) {
    Duration hour = Duration.ofHours(1);
    open(url, Tuning.PLAIN.lane(1_000, 1).hold(hour).lease(hour));
    rig.change(
        endpoint,
        Optional.of(new RateLimit(1, Math.toIntExact(hour.toSeconds()))),
        Optional.empty());
    events(150, "order.paid", Optional.of(FAILED));
    long id = start(Job.Picks.FAILED);
    run(50);
    // The first has gone, and the pace keeps the rest of the first portion in the lane for an hour.
    eventually(() -> rig.receiver.received("/in").size() == 1);
    eventually(() -> rig.heldBytes() >= 31L * MemoryBudget.OVERHEAD);
    Event live = rig.send(endpoint);
    assertThat(rig.heldBytes()).isGreaterThan(32L * MemoryBudget.OVERHEAD);
    rig.change(endpoint, Optional.empty(), Optional.empty());
    assertThat(ended(id).counts().delivered()).isEqualTo(150);
    List<String> bodies = rig.receiver.received("/in").stream().map(Received::body).toList();
    assertThat(bodies).hasSize(151);
    assertThat(bodies.get(1)).contains("\"n\":" + live.id());
  }

  @Test
  void liveDeliveriesOvertakeWhateverReplaysWaitInTheTable(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN.lane(1_000, 1).hold(Duration.ofSeconds(1)));
    rig.change(endpoint, Optional.of(new RateLimit(10, 1)), Optional.empty());
    rig.deferReplays(200, endpoint);
    eventually(() -> rig.parked.get() > 0);
    for (int i = 0; i < 5; i++) {
      int before = rig.receiver.received("/in").size();
      Event live = rig.send(endpoint);
      eventually(() -> placeOf(live) >= 0);
      assertThat(placeOf(live) - before).as("of some hundred and fifty").isLessThan(20);
    }
  }

  @Test
  void aRetryDoesNotWaitBehindAllThatComesBack(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN.lane(1_000, 1).hold(Duration.ofSeconds(1)));
    rig.change(endpoint, Optional.of(new RateLimit(20, 1)), Optional.empty());
    events(400, "order.paid", Optional.of(FAILED));
    start(Job.Picks.FAILED);
    run(400);
    eventually(() -> rig.receiver.received("/in").size() >= 60);
    int before = rig.receiver.received("/in").size();
    Event retried = rig.deferRetries(1, endpoint).getFirst();
    eventually(() -> placeOf(retried) >= 0);
    assertThat(placeOf(retried) - before).as("of some three hundred").isLessThan(100);
  }

  @Test
  void itGoesOnThoughWhatItBroughtBackWaitsForRetriesFarAhead(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN.withoutClaims());
    events(120, "order.paid", Optional.of(FAILED));
    long id = start(Job.Picks.FAILED);
    run(100);
    eventually(
        () -> {
          rig.db.execute("UPDATE deferred SET due_at = now() + interval '1 h'");
          return job(id).counts().queued() >= 100;
        });
    assertThat(rig.count("deferred")).isEqualTo(100);
  }

  private int placeOf(Event event) {
    List<String> bodies = rig.receiver.received("/in").stream().map(Received::body).toList();
    return IntStream.range(0, bodies.size())
        .filter(i -> bodies.get(i).contains("\"n\":" + event.id()))
        .findFirst()
        .orElse(-1);
  }
}
