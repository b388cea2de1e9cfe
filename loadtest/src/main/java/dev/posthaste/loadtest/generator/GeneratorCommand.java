package dev.posthaste.loadtest.generator;

import dev.posthaste.loadtest.wire.WallClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One run. Says {@code measuring} and {@code measured} when its window opens and closes, and {@code
 * result} with a JSON object when every answer is in.
 */
@Command(
    name = "generator",
    description = "Send events to 127.0.0.1 and write down when.",
    mixinStandardHelpOptions = true)
public final class GeneratorCommand implements Callable<Integer> {
  private static final long LAST_ANSWERS_SECONDS = 60;

  /** A server that is too slow for the rate gets this long for what is overdue, and no more. */
  private static final long OVERDUE_MICROS = 20_000_000;

  @Option(
      names = "--port",
      required = true,
      split = ",",
      description = "Of the server, or of several that get equally many connections.")
  private List<Integer> ports;

  @Option(names = "--key", required = true, description = "May write events.")
  private String key;

  @Option(names = "--run", defaultValue = "0", description = "Number of this run, 0 to 9999.")
  private int run;

  @Option(names = "--types", defaultValue = "1", description = "Event types bench.000, bench.001 …")
  private int types;

  @Option(
      names = "--weights",
      description = "File with a weight for each type, one per line; without it they take turns.")
  private Optional<Path> weights;

  @Option(
      names = "--until-told",
      description = "Go on until a line comes in or the window is over, whichever is first.")
  private boolean untilTold;

  @Option(
      names = "--insist",
      description = {
        "Give events an id, and send again at another port what a connection broke under",
        "or what was answered with 429 or 5xx."
      })
  private boolean insist;

  @Option(names = "--connections", defaultValue = "64", description = "Default ${DEFAULT-VALUE}.")
  private int connections;

  @Option(names = "--rate", defaultValue = "0", description = "Events a second; 0 = all it takes.")
  private double rate;

  @Option(names = "--batch", defaultValue = "1", description = "Events in one request.")
  private int batch;

  @Option(names = "--data-bytes", defaultValue = "500", description = "Size of an event's data.")
  private int dataBytes;

  @Option(names = "--warmup", defaultValue = "10", description = "Seconds before the window.")
  private int warmup;

  @Option(names = "--duration", defaultValue = "20", description = "Seconds of the window.")
  private int duration;

  @Option(names = "--out", required = true, description = "Folder for intended.bin, accepted.bin.")
  private Path out;

  private volatile boolean told;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1))
            .build();
    Generator generator =
        new Generator(templates(), mix(), new Switchboard(ports, insist), connections);
    vertx.deployVerticle(generator).await();
    Future<Ledger> done = generator.run(pace());
    Thread.sleep(warmup * 1000L);
    say("measuring");
    waitForTheEnd();
    say("measured");
    Ledger ledger = done.timeout(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS).await();
    ledger.write(out);
    say("result " + ledger.summary().encode());
    return 0;
  }

  private void waitForTheEnd() throws IOException, InterruptedException {
    if (untilTold) {
      told = System.in.read() >= 0;
    } else {
      Thread.sleep(duration * 1000L);
    }
  }

  private Pace pace() {
    long start = WallClock.micros();
    long end = start + (warmup + duration) * 1_000_000L;
    Pace pace = rate > 0 ? Pace.open(start, end, rate / batch) : Pace.closed(end);
    return Pace.until(() -> told || WallClock.micros() > end + OVERDUE_MICROS, pace);
  }

  private Mix mix() throws IOException {
    if (weights.isEmpty() || batch > 1) {
      return Mix.inTurn(requests());
    }
    return Mix.weighted(
        Files.readAllLines(weights.get()).stream().mapToDouble(Double::parseDouble).toArray());
  }

  private List<EventTemplate> templates() {
    EventTemplate.Target target = new EventTemplate.Target(ports.getFirst(), key);
    EventTemplate.Kind event = new EventTemplate.Kind(run, dataBytes, insist);
    return IntStream.range(0, requests())
        .mapToObj(request -> EventTemplate.of(target, types(request), event))
        .toList();
  }

  /** Kinds of requests: together they bring every type. */
  private int requests() {
    return Math.ceilDiv(types, batch);
  }

  /** Those of the events in a request. */
  private List<String> types(int request) {
    return IntStream.range(request * batch, (request + 1) * batch)
        .mapToObj(i -> "bench.%03d".formatted(i % types))
        .toList();
  }

  @SuppressWarnings("SystemOut")
  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
