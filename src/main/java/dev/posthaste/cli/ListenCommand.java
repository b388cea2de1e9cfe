package dev.posthaste.cli;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.ContractReader;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code posthaste listen …}: brings events to a program on this machine, without a tunnel. */
@Command(
    name = "listen",
    description = "Post events to a local URL as they are accepted, signed like deliveries.",
    mixinStandardHelpOptions = true)
public final class ListenCommand implements Callable<Integer> {
  private static final String STREAM = "/webhooks/v1/stream";

  @Mixin private Connection connection;

  @Option(
      names = "--forward-to",
      required = true,
      paramLabel = "URL",
      description = "Where each event is posted, http://localhost:3000/hooks.")
  private URI target;

  @Option(
      names = "--types",
      paramLabel = "FILTERS",
      description = "Only these: order.paid,vault.* (all).")
  private String types;

  @Option(
      names = "--secret",
      paramLabel = "SECRET",
      description = "Signs what is posted, whsec_… (a fresh one, shown at the start).")
  private String secret;

  @Option(
      names = "--contract",
      paramLabel = "NAME",
      description = "How messages look and are signed (that of the tenant).")
  private String contract;

  @Option(
      names = "--contracts-dir",
      paramLabel = "DIR",
      description = "Contracts of your own, as contracts.dir of the server.")
  private Path folder;

  @Override
  public Integer call() {
    if (target.getHost() == null || !String.valueOf(target.getScheme()).matches("https?")) {
      throw new CommandFailure("--forward-to must be a URL such as http://localhost:3000/hooks.");
    }
    String path = types == null ? STREAM : STREAM + "?types=" + ApiClient.encoded(types);
    Listening listening =
        new Listening(connection.client(), path, connection.screen(), this::forwarder);
    // An interrupt is how this is meant to end.
    Thread end = new Thread(listening::stopAndExit, "stop");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      listening.run();
      return 0;
    } finally {
      removeHook(end);
    }
  }

  private static void removeHook(Thread end) {
    try {
      Runtime.getRuntime().removeShutdownHook(end);
    } catch (IllegalStateException alreadyRuns) {
      // It ends the process at this moment; nothing is left to do.
      return;
    }
  }

  /** What the first message says of the tenant decides how the others are posted. */
  private Forwarder forwarder(JsonObject tenant) {
    if (secret == null) {
      secret = Forwarder.freshSecret();
    }
    String name = contract == null ? tenant.getString("contract") : contract;
    Contract chosen =
        ContractReader.read(Optional.ofNullable(folder))
            .named(name)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "There is no contract '"
                            + name
                            + "' here: choose one by --contract, or give --contracts-dir."));
    chosen
        .faultOf(secret)
        .ifPresent(
            fault -> {
              throw new CommandFailure("The secret will not do: " + fault + ".");
            });
    return new Forwarder(chosen, tenant, target, secret);
  }
}
