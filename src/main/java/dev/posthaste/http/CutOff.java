package dev.posthaste.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/** Ends a connection without waiting for its peer, who may never read what waits for it. */
public final class CutOff {
  private CutOff() {}

  /** Closes it now. On its event loop. */
  public static void cut(HttpConnection connection) {
    if (connection instanceof ConnectionBase open) {
      // Below the handlers, which would first send what waits, or say farewell.
      open.channel().unsafe().close(open.channel().newPromise());
    }
  }
}
