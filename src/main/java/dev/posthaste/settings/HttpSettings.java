package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.baseUrl;
import static dev.posthaste.settings.Forms.bytes;
import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;
import static dev.posthaste.settings.Forms.text;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The server for clients and operators.
 *
 * @param host address to listen on
 * @param port 0 takes any free one
 * @param managementPort for operators alone; 0: they use {@code port}
 * @param eventLoops 0 is one per core; see {@link #eventLoopsOrCores()}
 * @param maxHeaderSizeBytes all headers of a request together
 * @param idleTimeout silence after which a connection is closed
 * @param publicUrl by which clients reach the server, without a slash at its end
 * @param readyGrace how long a stop still takes events after health has begun to say no
 */
public record HttpSettings(
    String host,
    int port,
    int managementPort,
    int eventLoops,
    int maxHeaderSizeBytes,
    Duration idleTimeout,
    Optional<URI> publicUrl,
    Duration readyGrace) {

  static HttpSettings from(Section in) {
    return new HttpSettings(
        in.one("host", text("an address to listen on")),
        in.one("port", number(0, 65_535)),
        in.one("managementPort", number(0, 65_535)),
        in.one("eventLoops", number(0, 1_024)),
        in.one("maxHeaderSize", bytes("1KiB", "1MiB")),
        in.one("idleTimeout", duration("1s", "1h")),
        in.optional("publicUrl", baseUrl()),
        in.one("readyGrace", duration("0s", "2m")));
  }

  /** How many event loops to start: at least 1. */
  public int eventLoopsOrCores() {
    return eventLoops > 0 ? eventLoops : Runtime.getRuntime().availableProcessors();
  }
}
