package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.contract.ContractReader;
import dev.posthaste.contract.Verifier;
import dev.posthaste.event.Payload;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import dev.posthaste.support.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program at both ends, a real receiver behind it. */
@Tag("slow")
class ListenBringsEventsToALocalProgram {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  /** None outlives a test that fails. */
  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void signedInOrderAndAgainAfterTheServerWasAway() throws Exception {
    try (ServerProcess server = new ServerProcess(folder.resolve("server")).start();
        RecordingReceiver receiver = new RecordingReceiver()) {
      receiver.answer("/hooks", request -> Answer.of(request.number() == 2 ? 500 : 200));
      Path output = folder.resolve("listen.log");
      Process listen = listen(server, output, "--forward-to", receiver.url("/hooks"), "--json");
      JsonObject listening = line(output, "listening", 1);
      String data = "{\"b\": 1.50,  \"a\": \"ü\"}";
      send(server, "order.paid", data);
      send(server, "order.sent", "[]");
      send(server, "order.done", "\"text\"");
      line(output, "event", 3);
      List<Received> received = receiver.received("/hooks");
      assertThat(received).hasSize(3);
      received.forEach(one -> assertSigned(one, listening.getString("secret")));
      assertThat(received.getFirst().body()).contains("\"data\":" + data);
      assertThat(received.getFirst().headers().get("user-agent")).startsWith("Posthaste/");
      assertThat(line(output, "event", 2).getInteger("status")).isEqualTo(500);
      assertThat(line(output, "event", 3).getString("eventType")).isEqualTo("order.done");

      assertThat(server.terminate()).isZero();
      assertThat(line(output, "lost", 1).getString("reason")).contains("stops");
      server.start();
      assertThat(line(output, "missed", 1).getString("command")).contains("events list --after");
      send(server, "order.last", "1");
      assertThat(line(output, "event", 4).getString("eventType")).isEqualTo("order.last");
      assertThat(interrupt(listen)).isZero();
    }
  }

  @Test
  void itSaysWhyItCannotListen() throws Exception {
    try (ServerProcess server = new ServerProcess(folder.resolve("server")).start()) {
      assertThat(refused(server, "--forward-to", "nowhere")).contains("must be a URL");
      assertThat(refused(server, "--forward-to", "http://127.0.0.1:1/", "--types", "a..b"))
          .contains("a..b");
      assertThat(refused(server, "--forward-to", "http://127.0.0.1:1/", "--key", "phk_no"))
          .contains("not known");
      assertThat(refused(server, "--forward-to", "http://127.0.0.1:1/", "--secret", "short"))
          .contains("secret");
      assertThat(
              refused(server, "--forward-to", "http://127.0.0.1:1/", "--url", "http://127.0.0.1:1"))
          .contains("cannot be reached");
    }
  }

  private String refused(ServerProcess server, String... arguments) throws Exception {
    Path output = folder.resolve("refused.log");
    Process listen = listen(server, output, arguments);
    assertThat(listen.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(listen.exitValue()).isEqualTo(1);
    return Files.readString(output);
  }

  private static void assertSigned(Received one, String secret) {
    Verifier verifier =
        new Verifier(ContractReader.read(Optional.empty()).named("standard").orElseThrow());
    assertThat(
            verifier.accepts(
                secret,
                one.headers().get("webhook-id"),
                one.headers().get("webhook-timestamp"),
                Payload.of(one.body()),
                one.headers().get("webhook-signature")))
        .isTrue();
  }

  private static void send(ServerProcess server, String type, String data) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("/webhooks/v1/events"))
            .header("authorization", "Bearer " + ServerProcess.KEY)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString("{\"type\":\"" + type + "\",\"data\":" + data + "}"))
            .build();
    assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(202);
  }

  /** The so manieth line of a type, once it is there. */
  private static JsonObject line(Path output, String type, int number) {
    List<JsonObject> found = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              found.clear();
              lines(output).stream()
                  .filter(line -> line.getString("type").equals(type))
                  .forEach(found::add);
              return found.size() >= number;
            });
    return found.get(number - 1);
  }

  private static List<JsonObject> lines(Path output) throws IOException {
    String text = Files.readString(output);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(JsonObject::new).toList();
  }

  private static int interrupt(Process process) throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private Process listen(ServerProcess server, Path output, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("posthaste.jar"),
                "listen"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("POSTHASTE_URL", server.uri("/").toString());
    builder.environment().put("POSTHASTE_KEY", ServerProcess.KEY);
    Process process = builder.start();
    started.add(process);
    return process;
  }
}
