package dev.posthaste.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthaste catalogs …} */
@Command(
    name = "catalogs",
    description = "Import, list and show catalogs of event types (operators).",
    mixinStandardHelpOptions = true)
public final class CatalogCommands {
  private static final String CATALOGS = "/admin/v1/catalogs";

  @Command(description = "List all catalogs.", mixinStandardHelpOptions = true)
  int list(@Mixin Connection connection) {
    connection
        .screen()
        .table(
            connection.client().get(CATALOGS),
            "catalogs",
            "name",
            "eventTypes",
            "inFiles",
            "changed");
    return 0;
  }

  @Command(
      description = "Show the event types of a catalog; with --json, as a file for import.",
      mixinStandardHelpOptions = true)
  int show(@Mixin Connection connection, @Parameters(paramLabel = "NAME") String name) {
    connection
        .screen()
        .table(
            connection.client().get(at(name)),
            "eventTypes",
            "type",
            "stability",
            "scope",
            "resource",
            "description");
    return 0;
  }

  @Command(
      name = "import",
      description = "Put a file in the place of a whole catalog.",
      mixinStandardHelpOptions = true)
  int replace(
      @Mixin Connection connection,
      @Parameters(paramLabel = "FILE", description = "As those of conf/catalogs.") Path file,
      @Option(names = "--name", required = true, description = "Of the catalog.") String name) {
    JsonObject answer = connection.client().call("PUT", at(name), Optional.of(text(file)));
    connection.screen().fields(answer, "catalog");
    return 0;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailure("The file " + file + " cannot be read.");
    }
  }

  private static String at(String name) {
    return CATALOGS + "/" + ApiClient.encoded(name);
  }
}
