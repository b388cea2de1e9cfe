package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The server under test, started here or elsewhere, and the receiver. */
final class Stand implements AutoCloseable {
  /** Who fails is probed soon again: what receivers missed shall come within the run. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "POSTHASTE_LOGGING_LEVEL", "warn",
          "POSTHASTE_BREAKER_MAX_PROBE_INTERVAL", "2s");

  private final Optional<ServerProcess> server;
  private final ReceiverProcess receiver;
  private final URI url;
  private final String key;
  private final Api api;

  private Stand(Optional<ServerProcess> server, ReceiverProcess receiver, URI url, String key) {
    this.server = server;
    this.receiver = receiver;
    this.url = url;
    this.key = key;
    this.api = new Api(url, key);
  }

  /** Starts what is not there yet. */
  static Stand start(LoadOptions options, Path folder) throws IOException, InterruptedException {
    Optional<ServerProcess> server =
        options.url.isPresent() ? Optional.empty() : Optional.of(server(options, folder));
    try {
      URI url =
          options.url.orElseGet(
              () -> URI.create("http://127.0.0.1:" + server.orElseThrow().port()));
      return new Stand(server, ReceiverProcess.start(), url, options.key.orElse(ServerProcess.KEY));
    } catch (IOException e) {
      server.ifPresent(ServerProcess::close);
      throw e;
    }
  }

  private static ServerProcess server(LoadOptions options, Path folder)
      throws IOException, InterruptedException {
    Map<String, String> environment = new TreeMap<>(SETTINGS);
    environment.putAll(options.measuring.serverEnvironment());
    return ServerProcess.start(
        new ServerProcess.Plan(
            options.measuring.jar(),
            folder.resolve("server"),
            options.measuring.serverOptionList(),
            environment));
  }

  URI url() {
    return url;
  }

  String key() {
    return key;
  }

  Api api() {
    return api;
  }

  ReceiverProcess receiver() {
    return receiver;
  }

  /** The server's data, if it was started here. */
  Optional<Path> dataFolder() {
    return server.map(ServerProcess::dataFolder);
  }

  @Override
  public void close() {
    api.close();
    receiver.close();
    server.ifPresent(ServerProcess::close);
  }
}
