package dev.posthaste.loadtest.generator;

import dev.posthaste.loadtest.generator.Connection.Way;
import java.util.List;

/**
 * Which port each connection leads to. One that insists knows that all ports are as good: what a
 * port does not take goes to the next, and after a while the connection tries where it belongs.
 *
 * @param ports that get equally many connections
 * @param insists whether what was not accepted is sent again
 */
record Switchboard(List<Integer> ports, boolean insists) {
  /** How long a connection stays away from the port that it is meant for. */
  static final long AWAY_MILLIS = 2_000;

  private static final int TOO_MANY = 429;
  private static final int FAULT = 500;

  Way way(int connection) {
    int home = ports.get(connection % ports.size());
    return new Way(home, home);
  }

  /** Where to connect when nobody was there. */
  Way afterFailure(Way way) {
    return insists ? new Way(way.home(), next(way.port())) : way;
  }

  /** Where to connect when the connection has ended. */
  Way afterEnd(Connection connection) {
    Way way = connection.way();
    return connection.isRetiring() ? new Way(way.home(), way.home()) : afterFailure(way);
  }

  private int next(int port) {
    return ports.get((ports.indexOf(port) + 1) % ports.size());
  }

  /** Whether what was answered so may be accepted if it is sent again. */
  boolean insists(int status) {
    return insists && (status == TOO_MANY || status >= FAULT);
  }
}
