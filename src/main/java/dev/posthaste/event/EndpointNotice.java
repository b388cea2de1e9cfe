package dev.posthaste.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * An event that tells the other endpoints of a tenant what became of one of them. It is known by
 * its type and by what its data begins with, so that neither we nor the database must read the JSON
 * of events to find it.
 */
public final class EndpointNotice {
  /** The first field of the data. */
  public static final String ENDPOINT = "endpointId";

  private EndpointNotice() {}

  /** The bytes that the data of every such event of an endpoint begins with. */
  public static byte[] opening(long endpointId) {
    return "{\"%s\":\"%s\""
        .formatted(ENDPOINT, PublicId.ENDPOINT.format(endpointId))
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Whether the event tells of this endpoint to others.
   *
   * @param types those of such events
   */
  public static boolean isOf(Event event, long endpointId, Set<String> types) {
    byte[] opening = opening(endpointId);
    byte[] data = event.data().bytes();
    return types.contains(event.type())
        && !event.targets().contains(endpointId)
        && data.length >= opening.length
        && Arrays.equals(data, 0, opening.length, opening, 0, opening.length);
  }
}
