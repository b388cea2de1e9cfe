package dev.posthaste.send;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Notes how long the records of a look-up may be kept. Stands where the resolver expects its cache,
 * since nothing else is told, and never has an answer: {@link AddressBook} is the cache, because
 * the resolver's own has no bound.
 */
final class ShortestTtl implements DnsCache {
  private final Map<String, Long> secondsByName = new HashMap<>();

  /** The shortest time to live of the records of this look-up, or the other one. Forgets it. */
  long take(String name, long other) {
    Long seconds = secondsByName.remove(name);
    return seconds == null ? other : seconds;
  }

  @Override
  public DnsCacheEntry cache(
      String name, DnsRecord[] additionals, InetAddress address, long ttl, EventLoop loop) {
    secondsByName.merge(name, ttl, Math::min);
    return new Note(address);
  }

  @Override
  public DnsCacheEntry cache(
      String name, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
    return null;
  }

  @Override
  public List<? extends DnsCacheEntry> get(String name, DnsRecord[] additionals) {
    return List.of();
  }

  @Override
  public void clear() {
    secondsByName.clear();
  }

  @Override
  public boolean clear(String name) {
    return secondsByName.remove(name) != null;
  }

  private record Note(InetAddress address) implements DnsCacheEntry {
    @Override
    public Throwable cause() {
      return null;
    }
  }
}
