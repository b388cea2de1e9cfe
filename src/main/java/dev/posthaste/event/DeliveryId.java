package dev.posthaste.event;

import java.util.Optional;

/**
 * Names one event on its way to one endpoint. Its text holds both ids, so a delivery needs no row
 * of its own to be found.
 *
 * @param endpointId negative for a {@link DirectTarget}
 */
public record DeliveryId(long eventId, long endpointId) {
  private static final String PREFIX = "dlv_";

  /** The delivery behind a text; empty if the text is none. */
  public static Optional<DeliveryId> parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    long[] bits = Base32.decode128(text.substring(PREFIX.length()));
    return bits == null || bits[0] < 0
        ? Optional.empty()
        : Optional.of(new DeliveryId(bits[0], bits[1]));
  }

  /** {@code dlv_} and 26 characters of Crockford base32. */
  @Override
  public String toString() {
    return Base32.encode128(PREFIX, eventId, endpointId);
  }
}
