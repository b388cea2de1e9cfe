package dev.posthaste.contract;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.Payload;
import dev.posthaste.event.ResourceScopes;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Events, tenants and endpoints for the tests of this package. */
final class Samples {
  static final String FIRST_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  static final String SECOND_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  static final String ED25519_SECRET =
      "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";

  /** 2026-03-21T22:25:00.007Z. */
  static final long OCCURRED_AT = 1_774_131_900_007L;

  static final long EVENT_ID = 123_456_789_012L;
  static final long ENDPOINT_ID = 987_654_321L;

  static final Tenant TENANT =
      new Tenant(
          1,
          "acme",
          "Acme",
          "standard",
          Optional.empty(),
          Optional.of("org_7"),
          Optional.of("env_\"live\""));

  private static final Contracts CONTRACTS = ContractReader.read(Optional.empty());

  private Samples() {}

  static Contract contract(String name) {
    return CONTRACTS.named(name).orElseThrow();
  }

  static Event event(String type, String data) {
    return event(type, data, Optional.of("res_1"), OCCURRED_AT);
  }

  static Event event(String type, String data, Optional<String> resourceId, long occurredAt) {
    return new Event(
        EVENT_ID,
        1,
        type,
        occurredAt,
        resourceId,
        Optional.empty(),
        Payload.of(data),
        Optional.empty(),
        List.of(ENDPOINT_ID));
  }

  static SigningSecret current(String text) {
    return new SigningSecret(text, Optional.empty());
  }

  static SigningSecret until(String text, Instant end) {
    return new SigningSecret(text, Optional.of(end));
  }

  static Endpoint endpoint(SigningSecret... secrets) {
    return endpoint(Map.of(), secrets);
  }

  static Endpoint endpoint(Map<String, String> headers, SigningSecret... secrets) {
    return new Endpoint(
        ENDPOINT_ID,
        1,
        Optional.empty(),
        "https://example.com/hook",
        Optional.empty(),
        List.of(new EventFilter("*")),
        ResourceScopes.ALL,
        Optional.empty(),
        Endpoint.Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        headers,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        List.of(secrets),
        0,
        Optional.empty(),
        0,
        Optional.empty(),
        Instant.EPOCH,
        Instant.EPOCH,
        Map.of());
  }

  /** The value of the header of that name, which stands once. */
  static String value(List<Header> headers, String name) {
    List<String> values =
        headers.stream().filter(header -> header.name().equals(name)).map(Header::value).toList();
    if (values.size() != 1) {
      throw new AssertionError(name + " stands " + values.size() + " times in " + headers);
    }
    return values.get(0);
  }

  static List<String> names(List<Header> headers) {
    return headers.stream().map(Header::name).toList();
  }
}
