package dev.posthaste.loadtest.demo;

import dev.posthaste.loadtest.PathOptions;
import dev.posthaste.loadtest.server.ServerProcess;
import dev.posthaste.loadtest.server.WorkFolder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the server and a receiver, plays the day and audits it. */
@Command(
    name = "demo",
    description = "Play a real day in small against target/posthaste.jar.",
    footer = {"", "Exit code 0 only if every accepted event is where it should be."},
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--rounds",
      defaultValue = "50",
      description = "Each has every event type once; default ${DEFAULT-VALUE}.")
  private int rounds;

  @Mixin private PathOptions paths = new PathOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    WorkFolder work = WorkFolder.create(paths.out(), "demo");
    int exit = run(work.path());
    if (exit == 0) {
      work.delete();
    } else {
      say("The server's log and data are in " + work.path());
    }
    return exit;
  }

  private int run(Path work) throws IOException, InterruptedException {
    Path contracts = work.resolve("contracts");
    QuickContracts.write(paths.jar(), contracts);
    Vertx vertx = Vertx.vertx();
    ServerProcess.Plan plan =
        new ServerProcess.Plan(
            paths.jar(),
            work,
            List.of(),
            Map.of(
                "POSTHASTE_CONTRACTS_DIR", contracts.toString(),
                // A day in small: who fails is probed in moments, as its retries come in moments.
                "POSTHASTE_BREAKER_PROBE_INTERVAL", "50ms",
                "POSTHASTE_BREAKER_MAX_PROBE_INTERVAL", "250ms"));
    try (ServerProcess server = ServerProcess.start(plan)) {
      DemoReceiver receiver = new DemoReceiver();
      int port = receiver.start(vertx).await();
      try (Stage stage = new Stage(server, receiver, port)) {
        return play(stage, receiver.inboxes().values());
      }
    } finally {
      vertx.close().await();
    }
  }

  private int play(Stage stage, Collection<Inbox> inboxes)
      throws IOException, InterruptedException {
    Day day = new Day(paths.jar());
    say(
        """
        The server is up: %d tenants, %d endpoints, %d event types, %d rounds.
        Waits for retries are seconds here, hours in production."""
            .formatted(Customer.values().length, Subscriber.ALL.size(), day.types(), rounds));
    Publisher publisher = new Publisher(stage::of);
    new Play(day, publisher, inboxes).run(rounds);
    Audit audit = new Audit(publisher, inboxes, stage);
    say(new Ending(publisher, audit).text());
    return audit.faults().isEmpty() ? 0 : 1;
  }

  @SuppressWarnings("SystemOut")
  private static void say(String text) {
    System.out.println(text);
  }
}
