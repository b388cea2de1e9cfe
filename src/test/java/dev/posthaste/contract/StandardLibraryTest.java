package dev.posthaste.contract;

import static dev.posthaste.contract.Samples.FIRST_SECRET;
import static dev.posthaste.contract.Samples.SECOND_SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official library accepts what we send. */
class StandardLibraryTest {
  private static final Event EVENT = Samples.event("a.b", "{ \"name\" : \"Zoë 💌\" }");

  @Test
  void verifies_with_the_current_and_the_previous_secret() throws Exception {
    Instant now = Instant.now();
    Endpoint rotating =
        Samples.endpoint(
            Samples.current(FIRST_SECRET), Samples.until(SECOND_SECRET, now.plusSeconds(60)));
    Message message = prepare(Samples.contract("standard"), rotating, now);

    new Webhook(FIRST_SECRET).verify(message.body().text(), httpHeaders(message));
    new Webhook(SECOND_SECRET).verify(message.body().text(), httpHeaders(message));
    assertThatThrownBy(
            () ->
                new Webhook("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
                    .verify(message.body().text(), httpHeaders(message)))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"casedev", "agentpost", "offload"})
  void verifies_other_contracts_that_also_send_the_standard_headers(
      String name, @TempDir Path folder) throws Exception {
    String yaml =
        Files.readString(Path.of("conf/contracts", name + ".yaml"))
            .replace("alsoStandardHeaders: false", "alsoStandardHeaders: true");
    Files.writeString(folder.resolve("both.yaml"), yaml);
    Contract both = ContractReader.read(Optional.of(folder)).named("both").orElseThrow();
    Message message = prepare(both, Samples.endpoint(Samples.current(FIRST_SECRET)), Instant.now());

    new Webhook(FIRST_SECRET).verify(message.body().text(), httpHeaders(message));
    assertThat(Samples.value(message.headers(), "webhook-id")).isEqualTo(both.eventId(EVENT));
  }

  private static Message prepare(Contract contract, Endpoint endpoint, Instant now) {
    return contract.prepare(EVENT, Samples.TENANT, endpoint, Trigger.LIVE, now);
  }

  private static HttpHeaders httpHeaders(Message message) {
    Map<String, List<String>> map =
        message.headers().stream()
            .collect(Collectors.toMap(Header::name, header -> List.of(header.value())));
    return HttpHeaders.of(map, (name, value) -> true);
  }
}
