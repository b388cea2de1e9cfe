package dev.posthaste.contract;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How deliveries look and behave on the wire. Compiled once from a file; immutable; any thread may
 * use it.
 *
 * <p>The hot path renders {@link #body} once per event, keeps one {@link Signer} per endpoint, and
 * asks it for the headers of each attempt. {@link #prepare} does all of that for a single message.
 *
 * @param signatures none if the contract does not sign
 * @param replayMarker added to messages that are replays
 * @param timeout of one attempt, from its start to the end of the answer
 * @param whileDisabled what becomes of events for a disabled endpoint
 */
public record Contract(
    String name,
    EventIdScheme eventIds,
    Envelope envelope,
    List<SignatureScheme> signatures,
    Optional<Header> replayMarker,
    RetrySchedule retry,
    OutcomeRules outcomes,
    DisableRule disable,
    Duration timeout,
    MissedPolicy whileDisabled) {

  private static final Set<String> ALWAYS_OURS = Set.of("content-type", "user-agent");

  public Contract {
    signatures = List.copyOf(signatures);
  }

  /** The id of the event as receivers see it. */
  public String eventId(Event event) {
    return eventIds.idOf(event);
  }

  /** The bytes to post: the same for every endpoint of this contract and on every attempt. */
  public Payload body(Event event, Tenant tenant) {
    return envelope.render(event, tenant);
  }

  /**
   * Parses what the endpoint brings, once.
   *
   * @throws IllegalArgumentException if the contract signs and the endpoint has no secret, or one
   *     that the contract cannot use
   */
  public Signer signerFor(Endpoint endpoint) {
    return new Signer(this, endpoint);
  }

  /**
   * One message, everything worked out anew: for a single one.
   *
   * @param now the time of the attempt
   * @throws IllegalArgumentException as {@link #signerFor} does
   */
  public Message prepare(
      Event event, Tenant tenant, Endpoint endpoint, Attempt.Trigger trigger, Instant now) {
    Payload body = body(event, tenant);
    return new Message(signerFor(endpoint).headers(event, body, trigger, now), body);
  }

  /** Whether the contract writes the header itself, so that an endpoint cannot. */
  public boolean owns(String header) {
    String lower = header.toLowerCase(Locale.ROOT);
    return ALWAYS_OURS.contains(lower)
        || replayMarker.filter(marker -> marker.name().equals(lower)).isPresent()
        || signatures.stream().anyMatch(scheme -> scheme.names().all().contains(lower));
  }

  /**
   * What is wrong with a new secret: the contract cannot sign with it, or it is too short.
   *
   * @return words for whoever chose the secret, which do not repeat it; empty if it will do
   */
  public Optional<String> faultOf(String secret) {
    try {
      signatures.forEach(scheme -> scheme.checkNew(secret));
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }
}
