package dev.posthaste.send;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How deliveries are sent.
 *
 * @param connectTimeout for the TCP connection, and again for the TLS handshake
 * @param keepAlive how long an idle connection is kept
 * @param maxLifetime of a connection, however busy: names move, and balancers want to balance
 * @param connectionsPerOrigin most connections of one event loop to one address and port, but for
 *     those that {@link Turns} gives each target of its own; also most that are idle
 * @param waitingPerOrigin most requests that wait for one of these; more end as an internal error
 * @param maxResponseBytes read of an answer's body; then the connection is reset
 * @param keptResponseBytes kept of it, at most as many as are read
 * @param allowed ranges of addresses that are open although they are not public
 * @param authorities PEM files of certificate authorities trusted besides those of the JDK
 * @param nameServers DNS servers; those of the operating system if there are none
 */
public record SendSettings(
    Duration connectTimeout,
    Duration keepAlive,
    Duration maxLifetime,
    int connectionsPerOrigin,
    int waitingPerOrigin,
    int maxResponseBytes,
    int keptResponseBytes,
    List<Cidr> allowed,
    List<Path> authorities,
    List<InetSocketAddress> nameServers) {
  /** What an installation that says nothing gets: public addresses only. */
  public static final SendSettings DEFAULT =
      new SendSettings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          64,
          1024,
          64 * 1024,
          16 * 1024,
          List.of(),
          List.of(),
          List.of());

  public SendSettings {
    allowed = List.copyOf(allowed);
    authorities = List.copyOf(authorities);
    nameServers = List.copyOf(nameServers);
  }

  /** The same with these ranges open. */
  public SendSettings allowing(List<Cidr> ranges) {
    return new SendSettings(
        connectTimeout,
        keepAlive,
        maxLifetime,
        connectionsPerOrigin,
        waitingPerOrigin,
        maxResponseBytes,
        keptResponseBytes,
        ranges,
        authorities,
        nameServers);
  }

  /** The same with these certificate authorities trusted as well. */
  public SendSettings trusting(List<Path> files) {
    return new SendSettings(
        connectTimeout,
        keepAlive,
        maxLifetime,
        connectionsPerOrigin,
        waitingPerOrigin,
        maxResponseBytes,
        keptResponseBytes,
        allowed,
        files,
        nameServers);
  }

  /** The same with names looked up at these servers. */
  public SendSettings asking(List<InetSocketAddress> servers) {
    return new SendSettings(
        connectTimeout,
        keepAlive,
        maxLifetime,
        connectionsPerOrigin,
        waitingPerOrigin,
        maxResponseBytes,
        keptResponseBytes,
        allowed,
        authorities,
        servers);
  }
}
