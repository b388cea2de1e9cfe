package dev.posthaste.send;

import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.spi.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

/**
 * Asks the hosts file and the DNS, on one event loop, and keeps nothing. Names are absolute: the
 * search domains of the machine are for its users, not for the names that tenants write.
 */
final class NameLookup {
  private static final long QUERY_TIMEOUT_MILLIS = 2_000;
  private static final int MAX_QUERIES = 8;

  /** For names whose records do not say: the hosts file, and aliases that lead elsewhere. */
  private static final long UNKNOWN_TTL_SECONDS = 10;

  private final ContextInternal context;
  private final ShortestTtl ttls = new ShortestTtl();
  private final DnsNameResolver resolver;

  NameLookup(ContextInternal context, List<InetSocketAddress> nameServers) {
    this.context = context;
    Transport transport = context.owner().transport();
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(context.nettyEventLoop())
            .datagramChannelFactory(transport::datagramChannel)
            .socketChannelFactory(
                () -> (SocketChannel) transport.channelFactory(false).newChannel())
            .resolveCache(ttls)
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
            .searchDomains(List.of())
            .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
            .maxQueriesPerResolve(MAX_QUERIES)
            // All addresses of both families: each one has to pass the guard.
            .completeOncePreferredResolved(false);
    if (!nameServers.isEmpty()) {
      builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(nameServers));
    }
    this.resolver = builder.build();
  }

  /** Blocks on the files of the operating system once, so that no event loop has to. */
  static void readSystemFiles() {
    Objects.requireNonNull(HostsFileEntriesResolver.DEFAULT);
    Objects.requireNonNull(DnsServerAddressStreamProviders.platformDefault());
  }

  /**
   * What is known of a name.
   *
   * @param addresses at least one
   */
  record Found(List<InetAddress> addresses, long ttlSeconds) {}

  /** Fails if the name has no address, or nobody answers. */
  Future<Found> find(String name) {
    PromiseInternal<List<InetAddress>> promise = context.promise();
    resolver.resolveAll(name).addListener(promise);
    return promise
        .future()
        .map(addresses -> new Found(addresses, ttls.take(name, UNKNOWN_TTL_SECONDS)))
        .onFailure(cause -> ttls.clear(name));
  }

  void close() {
    resolver.close();
  }
}
