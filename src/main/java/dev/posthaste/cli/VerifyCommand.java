package dev.posthaste.cli;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.ContractReader;
import dev.posthaste.contract.Verifier;
import dev.posthaste.event.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code posthaste verify …}: why does my receiver refuse the signature? Asks no server. */
@Command(
    name = "verify",
    description = "Check the signature of a message that was received.",
    mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {
  @Option(names = "--contract", defaultValue = "standard", description = "${DEFAULT-VALUE}")
  private String contract;

  @Option(
      names = "--contracts-dir",
      paramLabel = "DIR",
      description = "Contracts of your own, as contracts.dir of the server.")
  private Path folder;

  @Option(
      names = {"--secret", "--public-key"},
      required = true,
      description = "The endpoint's secret, whsec_… or whsk_…, or its public key, whpk_….")
  private String secret;

  @Option(names = "--id", defaultValue = "", description = "The id header of the message.")
  private String id;

  @Option(names = "--timestamp", required = true, description = "Its timestamp header.")
  private String timestamp;

  @Option(names = "--signature", required = true, description = "Its signature header.")
  private String signature;

  @Option(
      names = "--body",
      required = true,
      paramLabel = "FILE",
      description = "The body exactly as it came: one space more and nothing fits.")
  private Path body;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Verifier verifier = new Verifier(chosen());
    boolean good;
    try {
      good =
          verifier.accepts(secret, id, timestamp, Payload.of(Files.readAllBytes(body)), signature);
    } catch (IOException e) {
      throw new CommandFailure("The file " + body + " cannot be read.");
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("The secret will not do: " + e.getMessage() + ".");
    }
    command
        .commandLine()
        .getOut()
        .println(
            good
                ? "The signature is right."
                : "The signature is wrong: another secret, another body, or another id or timestamp.");
    return good ? 0 : 1;
  }

  private Contract chosen() {
    return ContractReader.read(Optional.ofNullable(folder))
        .named(contract)
        .orElseThrow(() -> new CommandFailure("There is no contract '" + contract + "'."));
  }
}
