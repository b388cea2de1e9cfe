package dev.posthaste.store;

import dev.posthaste.event.SigningSecret;
import java.time.Instant;

/** A signing secret of an endpoint with its own id and the time from which it signs. */
public record KeptSecret(long id, SigningSecret secret, Instant createdAt) {}
