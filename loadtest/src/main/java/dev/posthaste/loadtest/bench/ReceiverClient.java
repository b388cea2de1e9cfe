package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Asks the receiver what came. */
record ReceiverClient(int port, HttpClient http) {

  /** TLS handshakes since the receiver started, and those of them that resumed a session. */
  record Handshakes(long all, long resumed) {}

  /** Begins a run whose events go to so many endpoints each. */
  void start(int run, int fanOut) throws IOException, InterruptedException {
    get("start/" + run + "/" + fanOut);
  }

  Handshakes handshakes() throws IOException, InterruptedException {
    JsonObject told = json("handshakes");
    return new Handshakes(told.getLong("all"), told.getLong("resumed"));
  }

  /** A second run that counts for itself, beside the one that was started. */
  void startAlso(int run) throws IOException, InterruptedException {
    get("also/" + run);
  }

  /** Whether the endpoints behind the gate take what they get. */
  void gate(boolean open) throws IOException, InterruptedException {
    get(open ? "gate/open" : "gate/closed");
  }

  /** Those that were healthy until now become what they were to become. */
  void turn() throws IOException, InterruptedException {
    get("turn");
  }

  /** How many requests wait for their answer now. */
  int waiting() throws IOException, InterruptedException {
    return json("waiting").getInteger("waiting");
  }

  /** How many events of a run have arrived. */
  int distinct(int run) throws IOException, InterruptedException {
    return json("summary/" + run).getInteger("distinct");
  }

  private JsonObject json(String what) throws IOException, InterruptedException {
    return new JsonObject(new String(get(what), StandardCharsets.UTF_8));
  }

  JsonObject summary() throws IOException, InterruptedException {
    return json("summary");
  }

  /** The first arrival of each event. */
  Timeline times() throws IOException, InterruptedException {
    return Timeline.of(get("arrivals"));
  }

  /** The same of another run. */
  Timeline times(int run) throws IOException, InterruptedException {
    return Timeline.of(get("arrivals/" + run));
  }

  /** When each event of a run was due that was told to come again. */
  Timeline due(int run) throws IOException, InterruptedException {
    return Timeline.of(get("due/" + run));
  }

  private byte[] get(String what) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/control/" + what))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
  }
}
