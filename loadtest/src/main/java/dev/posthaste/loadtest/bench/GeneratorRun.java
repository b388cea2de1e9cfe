package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.ChildProcess;
import dev.posthaste.loadtest.server.ServerProcess;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A generator at work for one run, and what it wrote down. */
final class GeneratorRun implements AutoCloseable {
  /** Longer than any run: the end is told. */
  private static final int UNTIL_TOLD_SECONDS = 6 * 3600;

  private final ChildProcess process;
  private final Scenario scenario;
  private final Path out;
  private JsonObject sent = new JsonObject();

  private GeneratorRun(ChildProcess process, Scenario scenario, Path out) {
    this.process = process;
    this.scenario = scenario;
    this.out = out;
  }

  /** Sends for the duration of a window. */
  static GeneratorRun start(Bed bed, Scenario scenario, int number, Path out) throws IOException {
    return start(bed, scenario, out, "--run=" + number, "--duration=" + bed.timing().duration());
  }

  /** Sends until it is told to stop. */
  static GeneratorRun startEndless(Bed bed, Scenario scenario, int number, Path out)
      throws IOException {
    return start(
        bed, scenario, out, "--run=" + number, "--duration=" + UNTIL_TOLD_SECONDS, "--until-told");
  }

  private static GeneratorRun start(Bed bed, Scenario scenario, Path out, String... more)
      throws IOException {
    Files.createDirectories(out);
    Load load = scenario.load(bed.wishes().rate().orElse(scenario.usualRate()));
    load = bed.wishes().connections().map(load::over).orElse(load);
    List<String> arguments = new ArrayList<>(List.of("generator"));
    arguments.add("--types=" + scenario.types());
    arguments.add("--connections=" + load.connections());
    arguments.add("--rate=" + load.rate());
    arguments.add("--batch=" + load.batch());
    if (!load.weights().isEmpty()) {
      arguments.add("--weights=" + writeWeights(load, out));
    }
    if (scenario.insists()) {
      arguments.add("--insist");
    }
    arguments.add("--port=" + bed.cluster().ports());
    arguments.add("--key=" + ServerProcess.KEY);
    arguments.add("--warmup=" + scenario.warmup(bed.timing().warmup()));
    arguments.add("--out=" + out);
    arguments.addAll(List.of(more));
    return new GeneratorRun(ChildProcess.start(arguments), scenario, out);
  }

  private static Path writeWeights(Load load, Path out) throws IOException {
    return Files.write(
        out.resolve("weights.txt"), load.weights().stream().map(String::valueOf).toList());
  }

  ChildProcess process() {
    return process;
  }

  /** Waits until the warm-up is over. */
  void awaitWindow() throws IOException {
    process.await("measuring");
  }

  /** Waits until the window is over. */
  void awaitEndOfWindow() throws IOException {
    process.await("measured");
  }

  void stop() throws IOException {
    process.tell("stop");
  }

  /** Waits for all answers; how many events were accepted. */
  int awaitAnswers() throws IOException {
    sent = new JsonObject(process.await("result"));
    return sent.getJsonObject("statuses").getInteger("202", 0);
  }

  /** After {@link #awaitAnswers}. */
  Tally tally(Timeline arrived) throws IOException {
    int fanOut = scenario.fanOut();
    return new Tally(
        read("intended.bin").each(fanOut),
        read("accepted.bin").each(fanOut),
        arrived,
        sent,
        fanOut);
  }

  /** The number of the endpoint of each event, and one more. */
  Timeline kinds() throws IOException {
    return read("kinds.bin");
  }

  private Timeline read(String file) throws IOException {
    return Timeline.of(Files.readAllBytes(out.resolve(file)));
  }

  @Override
  public void close() {
    process.close();
  }
}
