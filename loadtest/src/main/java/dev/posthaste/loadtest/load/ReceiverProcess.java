package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.server.ChildProcess;
import dev.posthaste.loadtest.server.ServerProcess;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The receiver in a process of its own, and what it tells. Blocks. */
final class ReceiverProcess implements AutoCloseable {
  private final ChildProcess process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  private ReceiverProcess(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  static ReceiverProcess start() throws IOException {
    int port = ServerProcess.freePort();
    ChildProcess process = ChildProcess.start(List.of("receiver", "--port", String.valueOf(port)));
    process.await("receiving");
    return new ReceiverProcess(process, port);
  }

  int port() {
    return port;
  }

  /** Forgets everything and begins some runs, side by side; scripts begin now. */
  void begin(int firstRun, int runs) throws IOException, InterruptedException {
    get("start/" + firstRun);
    for (int run = firstRun + 1; run < firstRun + runs; run++) {
      get("also/" + run);
    }
  }

  /** Counts of a run, and how long after they were due its events arrived. */
  JsonObject summary(int run) throws IOException, InterruptedException {
    return new JsonObject(new String(get("summary/" + run), StandardCharsets.UTF_8));
  }

  /** The first arrival of each event of a run. */
  Timeline times(int run) throws IOException, InterruptedException {
    return Timeline.of(get("arrivals/" + run));
  }

  private byte[] get(String what) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/control/" + what))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
  }

  @Override
  public void close() {
    http.close();
    process.close();
  }
}
