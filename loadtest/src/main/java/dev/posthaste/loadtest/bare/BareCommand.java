package dev.posthaste.loadtest.bare;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.pgclient.PgConnectOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the bare dispatcher until the process is ended. */
@Command(
    name = "bare",
    description = {
      "Take events, store them, send them to the endpoints of their type and store that: without",
      "validation, signatures, limits, timeouts or retries. The benchmark compares with it."
    },
    mixinStandardHelpOptions = true)
public final class BareCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      required = true,
      defaultValue = "${env:POSTHASTE_HTTP_PORT}",
      description = "On 127.0.0.1; default POSTHASTE_HTTP_PORT.")
  private int port;

  @Option(
      names = "--database",
      required = true,
      paramLabel = "URL",
      defaultValue = "${env:POSTHASTE_DATABASE_URL}",
      description = "Of an empty PostgreSQL; default POSTHASTE_DATABASE_URL.")
  private String database;

  @Option(
      names = "--in-flight",
      defaultValue = "${env:POSTHASTE_DELIVERY_MAX_IN_FLIGHT:-4096}",
      description = "Requests at a time, default POSTHASTE_DELIVERY_MAX_IN_FLIGHT or 4096.")
  private int inFlight;

  @Option(
      names = "--per-host",
      defaultValue = "64",
      description = "Connections to each, default ${DEFAULT-VALUE}.")
  private int perHost;

  @Override
  public Integer call() throws InterruptedException {
    int loops = Runtime.getRuntime().availableProcessors();
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops))
            .build();
    PgConnectOptions options = PgConnectOptions.fromUri(database).setCachePreparedStatements(true);
    BareServer.Place place =
        new BareServer.Place(port, options, new Sender.Limits(inFlight, perHost).share(loops));
    Addressees addressees = new Addressees();
    LongSupplier ids = new AtomicLong()::incrementAndGet;
    Store.create(vertx, options)
        .compose(
            created ->
                vertx.deployVerticle(
                    () -> new BareServer(place, addressees, ids, BareCommand::giveUp),
                    new DeploymentOptions().setInstances(loops)))
        .await();
    new CountDownLatch(1).await();
    return 0;
  }

  /** Without what it has lost it would only look cheaper. */
  @SuppressWarnings("SystemOut")
  private static void giveUp(Throwable cause) {
    System.err.println("The bare dispatcher gives up: " + cause);
    Runtime.getRuntime().halt(1);
  }
}
