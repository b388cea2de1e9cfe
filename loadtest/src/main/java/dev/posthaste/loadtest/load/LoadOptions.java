package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.MeasuringOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What can be asked for on the command line. */
final class LoadOptions {
  @Mixin MeasuringOptions measuring = new MeasuringOptions();

  @Option(
      names = "--profile",
      split = ",",
      defaultValue = "knee,steady,burst",
      description = {
        "Any of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
        "knee: the highest rate that holds. steady: 50, 70 and 90 %% of it.",
        "burst: a low rate, for some seconds many times as much, and again the low rate.",
        "slow: of ten receivers one is slow, one hangs and one fails for a while.",
        "tenants: many, of which the n-th posts 1/n of what the first does.",
        "soak: one rate for long, minute by minute."
      })
  List<Profile> profiles = List.of();

  @Option(names = "--url", description = "A server that runs already; without it one is started.")
  Optional<URI> url = Optional.empty();

  @Option(
      names = "--key",
      description = "For --url: may write events and endpoints; an operator's for tenants.")
  Optional<String> key = Optional.empty();

  @Option(
      names = "--receiver-host",
      defaultValue = "127.0.0.1",
      description = "Where the server finds this machine; default ${DEFAULT-VALUE}.")
  String receiverHost = "";

  @Option(
      names = "--rate",
      description =
          "Events a second; without it a share of the knee: soak 50 %%, burst 20 %%, others 30 %%.")
  Optional<Double> rate = Optional.empty();

  @Option(
      names = "--knee",
      description = {
        "Events a second. Without it: the knee of this call, else the last one of this machine in",
        "results.jsonl, else it is looked for first."
      })
  Optional<Double> knee = Optional.empty();

  @Option(names = "--from", defaultValue = "500", description = "Where knee begins, default 500.")
  double from;

  @Option(names = "--batch", defaultValue = "1", description = "Events in one request, default 1.")
  int batch;

  @Option(names = "--data-bytes", defaultValue = "500", description = "Of each event, default 500.")
  int dataBytes;

  @Option(
      names = "--endpoints",
      defaultValue = "40",
      description = "Each with an event type of its own; default 40.")
  int endpoints;

  @Option(names = "--tenants", defaultValue = "100", description = "For tenants, default 100.")
  int tenants;

  @Option(names = "--warmup", defaultValue = "8", description = "Seconds, default 8.")
  int warmup;

  @Option(
      names = "--duration",
      description = {
        "Seconds: of each level of steady, default 15; before and after the burst, default 10;",
        "of slow and tenants, default 30; of soak, default 600."
      })
  Optional<Integer> duration = Optional.empty();

  @Option(
      names = "--level",
      defaultValue = "5",
      description = "Seconds of a step to the knee, default 5.")
  int level;

  @Option(
      names = "--times",
      defaultValue = "5",
      description = "What burst multiplies by, default 5.")
  double times;

  @Option(names = "--burst", defaultValue = "5", description = "Seconds of the burst, default 5.")
  int burst;

  @Option(
      names = "--p99",
      defaultValue = "200",
      description = "Milliseconds to the 202 beyond which a rate does not hold, default 200.")
  double p99;

  @Option(
      names = "--lag",
      defaultValue = "100",
      description =
          "Milliseconds at p99 that the injector may be late, or the run is void; default 100.")
  double lag;

  @Option(
      names = "--injector",
      defaultValue = "loadtest/gatling/target/injector.jar",
      description = "The Gatling program.")
  Path injector = Path.of("");

  @Option(names = "--no-html", description = "Leave Gatling's reports out.")
  boolean noHtml;

  /** Events a second: as asked for, or a share of the knee. */
  double rate(double kneeRate, double share) {
    return rate.orElse(kneeRate * share);
  }

  /** What a run can be repeated with; no key. */
  JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("batch", batch)
            .put("dataBytes", dataBytes)
            .put("endpoints", endpoints)
            .put("tenants", tenants)
            .put("warmupSeconds", warmup)
            .put("levelSeconds", level)
            .put("burstSeconds", burst)
            .put("burstTimes", times)
            .put("p99Millis", p99)
            .put("lagMillis", lag)
            .put("serverOptions", measuring.serverOptions())
            .put("serverEnvironment", new JsonObject(new TreeMap<>(measuring.serverEnvironment())));
    url.ifPresent(there -> json.put("url", there.toString()));
    rate.ifPresent(asked -> json.put("rate", asked));
    duration.ifPresent(asked -> json.put("durationSeconds", asked));
    return json;
  }
}
