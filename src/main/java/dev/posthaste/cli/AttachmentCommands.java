package dev.posthaste.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthaste attachments …} */
@Command(
    name = "attachments",
    description = "Store files that events speak of, and get them back.",
    mixinStandardHelpOptions = true)
public final class AttachmentCommands {
  private static final String ATTACHMENTS = "/webhooks/v1/attachments";

  @Command(description = "Store a file.", mixinStandardHelpOptions = true)
  int add(
      @Mixin Connection connection,
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--type", description = "Its content type; guessed by its name, if left out.")
          String type) {
    String path = ATTACHMENTS + "?filename=" + ApiClient.encoded(file.getFileName().toString());
    JsonObject answer = connection.client().upload(path, file, type == null ? guess(file) : type);
    connection.screen().fields(answer, "attachment");
    return 0;
  }

  private static String guess(Path file) {
    try {
      String type = Files.probeContentType(file);
      return type == null ? "application/octet-stream" : type;
    } catch (IOException e) {
      return "application/octet-stream";
    }
  }

  @Command(
      description = "Show a stored file and a link to it, or fetch it.",
      mixinStandardHelpOptions = true)
  int get(
      @Mixin Connection connection,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--output", paramLabel = "FILE", description = "Fetch it into this file.")
          Path output) {
    ApiClient client = connection.client();
    JsonObject answer = client.get(ATTACHMENTS + "/" + ApiClient.encoded(id));
    if (output != null) {
      client.download(URI.create(answer.getString("downloadUrl")), output);
    }
    connection.screen().fields(answer, "attachment");
    return 0;
  }

  @Command(description = "Delete a stored file.", mixinStandardHelpOptions = true)
  int delete(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    connection.client().delete(ATTACHMENTS + "/" + ApiClient.encoded(id));
    connection.screen().say("Deleted.");
    return 0;
  }
}
