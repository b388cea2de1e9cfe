package dev.posthaste.send;

import dev.posthaste.contract.Header;
import dev.posthaste.event.Payload;
import java.util.List;

/**
 * What is to be posted.
 *
 * @param headers in order; none of {@code host}, {@code content-length}, {@code accept-encoding}
 * @param timeoutMillis for everything, from the look-up of the name to the end of the body
 */
record Post(Target target, List<Header> headers, Payload body, long timeoutMillis) {}
