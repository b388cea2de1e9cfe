package dev.posthaste.contract;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import dev.posthaste.event.TraceContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a contract makes of one endpoint: its secrets parsed, its own headers sorted out. Made by
 * {@link Contract#signerFor} whenever the endpoint changes and kept beside it. Immutable; any
 * thread may use it.
 */
public final class Signer {
  private static final int MOST_OWN_HEADERS = 9;

  private static final Header CONTENT_TYPE = new Header("content-type", "application/json");
  private static final Header USER_AGENT = new Header("user-agent", "Posthaste/" + version());

  private final Contract contract;
  private final long endpointId;
  private final List<KeyRing> rings;
  private final List<Header> endpointHeaders;

  Signer(Contract contract, Endpoint endpoint) {
    this.contract = contract;
    this.endpointId = endpoint.id();
    this.rings =
        contract.signatures().stream()
            .map(scheme -> new KeyRing(scheme, endpoint.secrets()))
            .toList();
    this.endpointHeaders =
        endpoint.headers().entrySet().stream()
            .filter(header -> !contract.owns(header.getKey()))
            .filter(header -> !endpoint.traceContext() || !TraceContext.isHeader(header.getKey()))
            .map(header -> new Header(header.getKey(), header.getValue()))
            .toList();
  }

  /**
   * The headers of one attempt: content type, user agent, signatures, replay marker, then the
   * endpoint's own, in a list that may be added to.
   *
   * @param body what will be sent; its exact bytes are signed
   * @param now the time of the attempt: receivers refuse timestamps that are minutes old
   */
  public List<Header> headers(Event event, Payload body, Attempt.Trigger trigger, Instant now) {
    List<Header> out = new ArrayList<>(MOST_OWN_HEADERS + endpointHeaders.size());
    out.add(CONTENT_TYPE);
    out.add(USER_AGENT);
    for (KeyRing ring : rings) {
      ring.sign(messageId(ring.scheme().id(), event), body, now, out);
    }
    if (trigger == Attempt.Trigger.REPLAY) {
      contract.replayMarker().ifPresent(out::add);
    }
    out.addAll(endpointHeaders);
    return out;
  }

  private String messageId(SignatureScheme.IdKind kind, Event event) {
    return switch (kind) {
      case EVENT -> contract.eventId(event);
      case DELIVERY -> new DeliveryId(event.shownId(), endpointId).toString();
    };
  }

  private static String version() {
    String version = Signer.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
