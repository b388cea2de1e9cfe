package dev.posthaste.cli;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.Message;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.Payload;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.ResourceScopes;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Posts events to one URL exactly as the contract would deliver them. Waits for the answer. */
final class Forwarder {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int SECRET_BYTES = 32;
  private static final double NANOS_PER_MILLI = 1e6;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final Clock clock = Clock.systemUTC();
  private final Contract contract;
  private final Tenant tenant;
  private final URI target;
  private final String secret;
  private final Endpoint endpoint;

  /**
   * @param tenant as the stream describes it
   * @param secret that the contract can sign with
   */
  Forwarder(Contract contract, JsonObject tenant, URI target, String secret) {
    this.contract = contract;
    this.tenant = tenant(tenant);
    this.target = target;
    this.secret = secret;
    this.endpoint = endpoint();
  }

  /**
   * What came back.
   *
   * @param status 0 if nothing did
   * @param error why nothing did
   */
  record Answer(int status, double latencyMillis, Optional<String> error) {}

  /** A new secret for HMAC. */
  static String freshSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return "whsec_" + Base64.getEncoder().encodeToString(bytes);
  }

  private static Tenant tenant(JsonObject shown) {
    return new Tenant(
        0,
        shown.getString("uid"),
        shown.getString("uid"),
        shown.getString("contract"),
        Optional.empty(),
        Optional.ofNullable(shown.getString("orgId")),
        Optional.ofNullable(shown.getString("envId")));
  }

  private Endpoint endpoint() {
    return new Endpoint(
        0,
        0,
        Optional.empty(),
        target.toString(),
        Optional.empty(),
        List.of(new EventFilter("*")),
        ResourceScopes.ALL,
        Optional.empty(),
        Endpoint.Status.ACTIVE,
        Optional.empty(),
        Optional.of(contract.name()),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        List.of(new SigningSecret(secret, Optional.empty())),
        0,
        Optional.empty(),
        0,
        Optional.empty(),
        Instant.EPOCH,
        Instant.EPOCH,
        Map.of());
  }

  String contract() {
    return contract.name();
  }

  String secret() {
    return secret;
  }

  URI target() {
    return target;
  }

  /**
   * Posts an event.
   *
   * @param shown as the stream shows it
   * @param data byte for byte
   */
  Answer post(JsonObject shown, Payload data) {
    Message message =
        contract.prepare(
            event(shown, data), tenant, endpoint, Attempt.Trigger.LIVE, clock.instant());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(contract.timeout())
            .POST(BodyPublishers.ofByteArray(message.body().bytes()));
    message.headers().forEach(header -> request.header(header.name(), header.value()));
    long began = System.nanoTime();
    try {
      int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
      return new Answer(status, since(began), Optional.empty());
    } catch (IOException e) {
      return new Answer(0, since(began), Optional.of(e.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted.");
    }
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / NANOS_PER_MILLI;
  }

  private static Event event(JsonObject shown, Payload data) {
    return new Event(
        PublicId.EVENT.parse(shown.getString("id")).orElseThrow(),
        0,
        shown.getString("type"),
        Instant.parse(shown.getString("occurredAt")).toEpochMilli(),
        Optional.ofNullable(shown.getString("resourceId")),
        Optional.empty(),
        data,
        Optional.empty(),
        List.of());
  }
}
