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

  void start(int run) throws IOException, InterruptedException {
    get("start/" + run);
  }

  JsonObject summary() throws IOException, InterruptedException {
    return new JsonObject(new String(get("summary"), StandardCharsets.UTF_8));
  }

  /** The first arrival of each event. */
  Timeline times() throws IOException, InterruptedException {
    return Timeline.of(get("arrivals"));
  }

  private byte[] get(String what) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/control/" + what))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
  }
}
