package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.bytes;
import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.manyBytes;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;

/**
 * Files that events speak of.
 *
 * @param maxSizeBytes of one
 * @param maxPerTenantBytes of all that a tenant has, at least {@code maxSizeBytes}
 * @param linkTtl for how long a download link is good
 * @param maxTransfers uploads and downloads under way on this node
 * @param maxTransfersPerTenant of these, at most {@code maxTransfers}
 * @param transferTimeout the longest that one may take
 * @param chunkTimeout the longest that 256 KiB of one may take, at most {@code transferTimeout}
 */
public record AttachmentSettings(
    int maxSizeBytes,
    long maxPerTenantBytes,
    Duration linkTtl,
    int maxTransfers,
    int maxTransfersPerTenant,
    Duration transferTimeout,
    Duration chunkTimeout) {

  static AttachmentSettings from(Section in) {
    return new AttachmentSettings(
        in.one("maxSize", bytes("1KiB", "1GiB")),
        in.one("maxPerTenant", manyBytes("1KiB", "1048576GiB")),
        in.one("linkTtl", duration("1s", "7d")),
        in.one("maxTransfers", number(1, 10_000)),
        in.one("maxTransfersPerTenant", number(1, 10_000)),
        in.one("transferTimeout", duration("1s", "12h")),
        in.one("chunkTimeout", duration("1s", "12h")));
  }
}
