package dev.posthaste.loadtest.receiver;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the receiver until the process is ended. */
@Command(
    name = "receiver",
    description = {
      "Take deliveries and remember them. Paths: /ok /delay/100 /fail/500 /hang /gone /flaky/3 /again/2 /gate /once,",
      "/script/ok-15.hang-30.ok: one after the other, by seconds since the run began,",
      "/control/start/RUN[/FANOUT] /control/also/RUN /control/summary /control/arrivals /control/due /control/waiting",
      "/control/gate/closed /control/gate/open /control/handshakes."
    },
    mixinStandardHelpOptions = true)
public final class ReceiverCommand implements Callable<Integer> {
  @Option(names = "--port", defaultValue = "9000", description = "Default ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description =
          "PKCS12 with the password 'changeit': TLS on the next port, and on the one after")
  private Optional<Path> identity;

  @Option(names = "--verify", paramLabel = "SECRET", description = "Verify webhook-signature.")
  private String secret;

  @Override
  @SuppressWarnings("SystemOut")
  public Integer call() throws InterruptedException {
    Optional<SignatureCheck> check = Optional.ofNullable(secret).map(SignatureCheck::new);
    // Netty reads it once: tickets are given at the door that is meant to give them, only.
    System.setProperty("jdk.tls.server.enableSessionTicketExtension", "false");
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1))
            .build();
    vertx.deployVerticle(new Receiver(new Doors(port, identity), check)).await();
    System.out.println("receiving on port " + port);
    new CountDownLatch(1).await();
    return 0;
  }
}
