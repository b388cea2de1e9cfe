package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.server.ChildProcess;
import dev.posthaste.loadtest.server.ServerProcess;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One scenario, once: endpoints, load, a measured window, and the wait until all has arrived. */
final class ScenarioRun {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";

  private final Bed bed;
  private final Scenario scenario;
  private final int number;

  ScenarioRun(Bed bed, Scenario scenario, int number) {
    this.bed = bed;
    this.scenario = scenario;
    this.number = number;
  }

  /** What stays the same over the runs. */
  record Bed(
      ServerProcess server,
      PostgresProbe postgres,
      ChildProcess receiver,
      ReceiverClient arrivals,
      Api api,
      Timing timing) {}

  /** Seconds. */
  record Timing(int warmup, int duration, int drain) {}

  Result run(Path out, Optional<Integer> connections)
      throws IOException, InterruptedException, SQLException {
    Files.createDirectories(out);
    bed.arrivals().start(number);
    List<String> endpoints = createEndpoints();
    try (ChildProcess generator = ChildProcess.start(generator(out, connections))) {
      Costs costs = measure(generator);
      JsonObject sent = new JsonObject(generator.await("result"));
      double drained = drain(sent.getJsonObject("statuses").getInteger("202", 0));
      Map<Metric, Double> values = values(costs, tally(out, sent));
      values.put(Metric.DRAIN, drained);
      return new Result(values);
    } finally {
      endpoints.forEach(id -> bed.api().delete(ENDPOINTS + "/" + id));
    }
  }

  private Costs measure(ChildProcess generator)
      throws IOException, InterruptedException, SQLException {
    Snapshot.Subjects subjects =
        new Snapshot.Subjects(bed.server(), bed.postgres(), bed.receiver(), generator);
    generator.await("measuring");
    Snapshot before = Snapshot.take(subjects);
    generator.await("measured");
    return new Costs(before, Snapshot.take(subjects));
  }

  private Tally tally(Path out, JsonObject sent) throws IOException, InterruptedException {
    return new Tally(
        Timeline.of(Files.readAllBytes(out.resolve("intended.bin"))),
        Timeline.of(Files.readAllBytes(out.resolve("accepted.bin"))),
        bed.arrivals().times(),
        sent);
  }

  private Map<Metric, Double> values(Costs costs, Tally tally)
      throws IOException, InterruptedException {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.putAll(tally.counts());
    values.putAll(tally.rates(costs.window()));
    values.putAll(tally.latencies(costs.window()));
    values.putAll(costs.perEvent(values.get(Metric.DELIVERED) * costs.window().seconds()));
    values.putAll(costs.load(Runtime.getRuntime().availableProcessors()));
    values.put(Metric.RSS, ProcFs.residentMebibytes(bed.server().pid()));
    values.put(Metric.REPEATS, (double) bed.arrivals().summary().getInteger("repeats"));
    return values;
  }

  private List<String> createEndpoints() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < scenario.endpoints(); i++) {
      JsonObject body =
          new JsonObject()
              .put("url", scenario.url(i, bed.arrivals().port()))
              .put("eventTypeFilters", new JsonArray().add("bench.%03d".formatted(i)));
      ids.add(bed.api().post(ENDPOINTS, body).getJsonObject("endpoint").getString("id"));
    }
    return ids;
  }

  private List<String> generator(Path out, Optional<Integer> connections) {
    List<String> arguments = new ArrayList<>(List.of("generator"));
    arguments.addAll(List.of(scenario.load(connections)));
    arguments.addAll(
        List.of(
            "--port", String.valueOf(bed.server().port()),
            "--key", ServerProcess.KEY,
            "--run", String.valueOf(number),
            "--warmup", String.valueOf(bed.timing().warmup()),
            "--duration", String.valueOf(bed.timing().duration()),
            "--out", out.toString()));
    return arguments;
  }

  /** Waits until as many have arrived, or nothing has for long; gives the seconds. */
  private double drain(int accepted) throws IOException, InterruptedException {
    long began = System.nanoTime();
    long progress = began;
    int before = -1;
    while (true) {
      int arrived = bed.arrivals().summary().getInteger("distinct");
      long now = System.nanoTime();
      progress = arrived == before ? progress : now;
      before = arrived;
      if (arrived >= accepted || now - progress > bed.timing().drain() * 1_000_000_000L) {
        return (now - began) / 1e9;
      }
      Thread.sleep(50);
    }
  }
}
