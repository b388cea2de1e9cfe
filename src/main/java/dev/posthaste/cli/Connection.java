package dev.posthaste.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which server, as whom, and how the answer is shown: the options of every command. */
final class Connection {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The server (or POSTHASTE_URL; http://localhost:8080).")
  private URI url;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "The key (or POSTHASTE_KEY, POSTHASTE_OPERATOR_KEY, or the one in the data folder).")
  private String key;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "With an operator key: the tenant to act for, by its uid.")
  private String tenant;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  @Spec(Target.MIXEE)
  private CommandSpec command;

  ApiClient client() {
    URI base = url == null ? URI.create(variable("POSTHASTE_URL").orElse(local())) : url;
    return new ApiClient(base, keyText(), Optional.ofNullable(tenant));
  }

  Screen screen() {
    return new Screen(command.commandLine().getOut(), json);
  }

  private static String local() {
    return "http://localhost:" + variable("POSTHASTE_HTTP_PORT").orElse("8080");
  }

  private String keyText() {
    return Optional.ofNullable(key)
        .or(() -> variable("POSTHASTE_KEY"))
        .or(() -> variable("POSTHASTE_OPERATOR_KEY"))
        .or(Connection::ownKey)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "There is no key: give --key or set POSTHASTE_KEY. On the machine of an embedded"
                        + " server the operator's key is in the data folder, in operator.key."));
  }

  /** What a server in the same folder made at its first start. */
  private static Optional<String> ownKey() {
    Path file = Path.of(variable("POSTHASTE_DATA_DIR").orElse("data"), "operator.key");
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}
