package dev.posthaste.loadtest.gatling;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.bodyBytes;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import dev.posthaste.loadtest.plan.Leg;
import dev.posthaste.loadtest.plan.Plan;
import dev.posthaste.loadtest.wire.WallClock;
import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * An open model: virtual users begin when the plan says, whatever the server does, post once over
 * shared connections, and end. The system property {@code plan} names the plan's file, {@code
 * ledgers} the folder for what was sent and answered.
 */
abstract class EventsSimulation extends Simulation {
  private static final String REQUEST = "request";
  private static final String STATUS = "status";
  private static final String BODY = "body";
  private static final byte[] NOTHING = {};

  /** A 202 that takes longer at p99 is not what anyone calls steady. */
  static final int SLOW_MILLIS = 1_000;

  /** Gatling gives up then. */
  static final int ANSWER_MILLIS = 60_000;

  private final Path folder = Path.of(System.getProperty("ledgers"));
  private final Publisher publisher;

  /** Sets up what is common; the subclass says what must hold. */
  EventsSimulation(Assertion... assertions) {
    Plan plan = readPlan();
    publisher = new Publisher(plan, WallClock::micros);
    OpenInjectionStep[] steps =
        plan.legs().stream().map(EventsSimulation::step).toArray(OpenInjectionStep[]::new);
    setUp(scenario("events").exec(publish(plan)).injectOpen(steps))
        .protocols(
            http.baseUrl(plan.url().toString())
                .shareConnections()
                .contentTypeHeader("application/json")
                .userAgentHeader("posthaste-loadtest"))
        .assertions(assertions);
  }

  private static Plan readPlan() {
    try {
      return Plan.read(Path.of(System.getProperty("plan")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OpenInjectionStep step(Leg leg) {
    return leg.from() == leg.to()
        ? constantUsersPerSec(leg.from()).during(leg.seconds())
        : rampUsersPerSec(leg.from()).to(leg.to()).during(leg.seconds());
  }

  private ChainBuilder publish(Plan plan) {
    String path = plan.batch() > 1 ? "/webhooks/v1/events/batch" : "/webhooks/v1/events";
    return exec(this::begin)
        .stopLoadGeneratorIf(session -> "too far behind to go on", session -> publisher.isOverrun())
        .exec(
            http(session -> request(session).name())
                .post(path)
                .header("authorization", session -> "Bearer " + request(session).key())
                .body(ByteArrayBody(session -> request(session).body()))
                .check(
                    status().saveAs(STATUS),
                    bodyBytes().saveAs(BODY),
                    status().is(Answer.ACCEPTED)))
        .exec(this::end);
  }

  private Session begin(Session session) {
    return session.set(REQUEST, publisher.request((int) session.userId() - 1));
  }

  private static Request request(Session session) {
    return session.get(REQUEST);
  }

  private Session end(Session session) {
    int answered = session.contains(STATUS) ? session.getInt(STATUS) : 0;
    byte[] body = session.contains(BODY) ? session.get(BODY) : NOTHING;
    publisher.answered(request(session), answered, body);
    return session;
  }

  @Override
  public void after() {
    try {
      publisher.write(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
