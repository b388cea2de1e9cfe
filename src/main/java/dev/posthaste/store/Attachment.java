package dev.posthaste.store;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/**
 * A file that is stored.
 *
 * @param contentType as whoever stored it said; nobody has checked it
 * @param size in bytes
 * @param sha256 of its bytes
 */
public record Attachment(
    long id,
    long tenantId,
    String filename,
    String contentType,
    long size,
    Buffer sha256,
    Instant createdAt) {}
