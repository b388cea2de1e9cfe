package dev.posthaste.event;

import java.time.Instant;
import java.util.Optional;

/**
 * A secret that signs an endpoint's deliveries.
 *
 * @param text {@code whsec_…} (HMAC) or {@code whsk_…} (ed25519), as the receiver knows it
 * @param validUntil when it stops to sign; the current secret has no end
 */
public record SigningSecret(String text, Optional<Instant> validUntil) {
  /** Whether it signs at the given time. */
  public boolean signsAt(Instant now) {
    return validUntil.isEmpty() || now.isBefore(validUntil.get());
  }

  /** Masked: secrets never reach a log. */
  @Override
  public String toString() {
    return "SigningSecret[masked]";
  }
}
