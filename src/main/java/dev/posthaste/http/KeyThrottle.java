package dev.posthaste.http;

import dev.posthaste.event.ApiKey;
import dev.posthaste.http.Throttle.Taken;
import io.vertx.core.http.HttpServerResponse;

/**
 * Lets each key ask so many times a second, and says in every answer how many are left, in the
 * structured fields of draft-ietf-httpapi-ratelimit-headers.
 */
public final class KeyThrottle {
  private static final String POLICY = "RateLimit-Policy";
  private static final String LIMIT = "RateLimit";

  private final Throttle throttle;
  private final String policy;

  /**
   * @param throttle for each key, over all loops of the node
   */
  public KeyThrottle(Throttle throttle) {
    this.throttle = throttle;
    this.policy = "\"key\";q=" + throttle.perSecond() + ";w=1";
  }

  /**
   * Counts a request.
   *
   * @throws ProblemException 429 if it is one too many
   */
  public void admit(ApiKey key, HttpServerResponse response) {
    if (!throttle.isOn()) {
      return;
    }
    Taken taken = throttle.take(key.id(), 1, System.nanoTime());
    response.putHeader(POLICY, policy);
    response.putHeader(LIMIT, "\"key\";r=" + taken.left() + ";t=" + taken.fullInSeconds());
    if (!taken.granted()) {
      throw new ProblemException(
          Problem.overloaded(
              "This key may ask "
                  + throttle.perSecond()
                  + " times a second. Send this one again later.",
              taken.retrySeconds()));
    }
  }
}
