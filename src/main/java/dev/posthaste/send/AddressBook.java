package dev.posthaste.send;

import dev.posthaste.event.Reply.Reason;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the origins that are posted to, each of them checked by the {@link TargetGuard}.
 *
 * <p>If one address of a name is refused, the whole name is: what is inside the operator's network
 * is not reached by mixing it with what is outside. Answers are kept as long as the DNS says, from
 * 1 to 60 seconds; failures for 5. Look-ups of one origin at the same time are one. Belongs to one
 * event loop.
 */
final class AddressBook {
  private static final Logger LOG = LoggerFactory.getLogger(AddressBook.class);
  private static final int MAX_ORIGINS = 10_000;
  private static final long MIN_TTL_SECONDS = 1;
  private static final long MAX_TTL_SECONDS = 60;
  private static final long FAILURE_TTL_SECONDS = 5;

  private final ContextInternal context;
  private final TargetGuard guard;
  private final NameLookup lookup;

  /** In order of use: the one that nobody has asked for the longest time is the first. */
  private final Map<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

  AddressBook(ContextInternal context, TargetGuard guard, List<InetSocketAddress> nameServers) {
    this.context = context;
    this.guard = guard;
    this.lookup = new NameLookup(context, nameServers);
  }

  private static final class Entry {
    private Future<Addresses> addresses;

    /** In the time of {@link System#nanoTime}; a look-up under way is not looked up again. */
    private long expiresNanos;

    private boolean complete;

    private boolean isOver(long nowNanos) {
      return complete && nowNanos - expiresNanos >= 0;
    }

    private void keep(long seconds) {
      complete = true;
      expiresNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }
  }

  /** The addresses of a target. Fails with a {@link SendFault} of reason DNS or not allowed. */
  Future<Addresses> find(Target target) {
    Entry entry = entries.get(target.origin());
    if (entry == null || entry.isOver(System.nanoTime())) {
      entry = open(target);
    }
    return entry.addresses;
  }

  void close() {
    lookup.close();
  }

  private Entry open(Target target) {
    Entry entry = new Entry();
    entries.put(target.origin(), entry);
    forgetEldest();
    entry.addresses =
        literalOrLookup(target)
            .onSuccess(found -> entry.keep(bounded(found.ttlSeconds())))
            .onFailure(cause -> entry.keep(FAILURE_TTL_SECONDS))
            .recover(cause -> Future.failedFuture(dnsFault(cause)))
            .map(found -> checked(target, found.addresses()));
    return entry;
  }

  private Future<NameLookup.Found> literalOrLookup(Target target) {
    return target
        .literal()
        .map(bytes -> context.succeededFuture(literal(bytes)))
        .orElseGet(() -> lookup.find(target.host()));
  }

  private Addresses checked(Target target, List<InetAddress> addresses) {
    for (InetAddress address : addresses) {
      if (!guard.admits(address)) {
        LOG.info(
            "{} is not posted to: its address {} is in a range that is not allowed",
            target.origin(),
            NetUtil.toAddressString(address));
        // Without the address: what a tenant sees must not map the network of the operator.
        throw new SendFault(
            Reason.TARGET_NOT_ALLOWED, "the host has an address that is not allowed");
      }
    }
    return new Addresses(addresses, target.port());
  }

  private void forgetEldest() {
    if (entries.size() > MAX_ORIGINS) {
      Iterator<String> names = entries.keySet().iterator();
      names.next();
      names.remove();
    }
  }

  private static NameLookup.Found literal(byte[] bytes) {
    try {
      return new NameLookup.Found(List.of(InetAddress.getByAddress(bytes)), MAX_TTL_SECONDS);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static SendFault dnsFault(Throwable cause) {
    return new SendFault(Reason.DNS, String.valueOf(cause.getMessage()));
  }

  private static long bounded(long ttlSeconds) {
    return Math.clamp(ttlSeconds, MIN_TTL_SECONDS, MAX_TTL_SECONDS);
  }
}
