package dev.posthaste.event;

import java.util.Optional;

/**
 * One entry of a catalog.
 *
 * @param name for example {@code vault.ingest.completed}
 * @param stability {@code stable}: additions only; {@code beta}: may change
 * @param scope the key scope that may subscribe to it, if it needs one
 * @param resource which kind of resource its data names
 * @param schema JSON Schema 2020-12 of the data, as text
 * @param example a valid value of the data, as JSON text
 */
public record EventType(
    String name,
    Stability stability,
    Optional<String> scope,
    Optional<ResourceKind> resource,
    String description,
    String schema,
    String example) {

  /** What a subscriber may rely on. */
  public enum Stability {
    STABLE,
    BETA
  }
}
