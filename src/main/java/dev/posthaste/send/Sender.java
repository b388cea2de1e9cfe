package dev.posthaste.send;

import dev.posthaste.contract.Header;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Posts to endpoints. One for each verticle instance; everything, {@link #close} too, is called on
 * the event loop that {@link #open}ed it. Retries nothing that the far side may have refused.
 */
public final class Sender {
  private final Vertx vertx;
  private final Connections connections;
  private final AddressBook book;
  private final DeadlineWheel deadlines = new DeadlineWheel();
  private boolean ticking;
  private boolean closed;

  private Sender(Vertx vertx, Connections connections, AddressBook book) {
    this.vertx = vertx;
    this.connections = connections;
    this.book = book;
  }

  /** A sender for the event loop that this is called on. */
  public static Sender open(Vertx vertx, ClientFactory clients) {
    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    SendSettings settings = clients.settings();
    TargetGuard guard = new TargetGuard(settings.allowed());
    AddressBook book = new AddressBook(context, guard, settings.nameServers());
    Connections connections = new Connections(context, clients.open(), settings);
    return new Sender(vertx, connections, book);
  }

  /**
   * Makes one attempt to post.
   *
   * @param headers in order; not {@code host}, {@code content-length} or {@code accept-encoding},
   *     which are set here
   * @param timeoutMillis for everything together: name, connection, TLS, request, answer and its
   *     body; up to 100 ms more may pass
   * @return never fails: what goes wrong is a {@link Reply.Unanswered}
   */
  public Future<Reply> send(Target target, List<Header> headers, Payload body, long timeoutMillis) {
    if (closed) {
      return Future.succeededFuture(
          new Reply.Unanswered(Reason.INTERNAL, "the sender is stopped", 0, Optional.empty()));
    }
    Exchange exchange = new Exchange(this, new Post(target, headers, body, timeoutMillis));
    deadlines.add(exchange, nowMillis(), timeoutMillis);
    tick();
    return exchange.start();
  }

  /** Requests that are under way. */
  public int inFlight() {
    return deadlines.size();
  }

  /** Ends what is under way, each with a reply, and closes all connections. */
  public Future<Void> close() {
    closed = true;
    deadlines.drain();
    book.close();
    return connections.close();
  }

  boolean isClosed() {
    return closed;
  }

  Connections connections() {
    return connections;
  }

  AddressBook book() {
    return book;
  }

  void forget(Exchange exchange) {
    deadlines.remove(exchange);
  }

  private void tick() {
    if (!ticking && deadlines.size() > 0) {
      ticking = true;
      vertx.setTimer(DeadlineWheel.TICK_MILLIS, this::ticked);
    }
  }

  private void ticked(long timer) {
    ticking = false;
    deadlines.advance(nowMillis());
    tick();
  }

  private static long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
