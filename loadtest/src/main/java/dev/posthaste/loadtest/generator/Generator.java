package dev.posthaste.loadtest.generator;

import dev.posthaste.loadtest.wire.WallClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Sends what the pace says over whichever connection is idle. One event loop. */
final class Generator extends VerticleBase implements Connection.Listener {
  private static final long RECONNECT_MILLIS = 100;

  /** A refused client comes back later, or it would only measure refusals. */
  private static final long REFUSED_MILLIS = 20;

  private final List<EventTemplate> templates;
  private final Mix mix;
  private final Switchboard ports;
  private final int connections;
  private final Ledger ledger = new Ledger();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Deque<Repeat> repeats = new ArrayDeque<>();
  private NetClient client;
  private Pace pace = now -> Pace.NOT_YET;
  private Promise<Ledger> done;
  private int open;

  Generator(List<EventTemplate> templates, Mix mix, Switchboard ports, int connections) {
    this.templates = templates;
    this.mix = mix;
    this.ports = ports;
    this.connections = connections;
  }

  /** What is sent again, if it can be to another port than that one. */
  private record Repeat(Post post, int failedPort) {}

  @Override
  public Future<?> start() {
    client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      all.add(connect(ports.way(i)));
    }
    vertx.setPeriodic(1, tick -> pump());
    return Future.all(all);
  }

  private Future<?> connect(Connection.Way way) {
    return client
        .connect(way.port(), "127.0.0.1")
        .onSuccess(socket -> connected(new Connection(way, socket, ledger, this)))
        .onFailure(
            error -> vertx.setTimer(RECONNECT_MILLIS, later -> connect(ports.afterFailure(way))));
  }

  private void connected(Connection connection) {
    open++;
    idle.add(connection);
    if (!connection.way().isHome()) {
      vertx.setTimer(Switchboard.AWAY_MILLIS, later -> goHome(connection));
    }
  }

  private void goHome(Connection connection) {
    idle.remove(connection);
    if (connection.isOpen()) {
      connection.retire();
    }
  }

  /** Begins; ends when the pace is over and every answer is in. Called on any thread. */
  Future<Ledger> run(Pace next) {
    Promise<Ledger> promise = Promise.promise();
    context.runOnContext(
        now -> {
          done = promise;
          pace = next;
          pump();
        });
    return promise.future();
  }

  private void pump() {
    long now = WallClock.micros();
    while (!idle.isEmpty()) {
      if (!repeats.isEmpty()) {
        Repeat repeat = repeats.remove();
        elsewhere(repeat.failedPort).send(repeat.post);
        continue;
      }
      long intended = pace.next(now);
      if (intended == Pace.NOT_YET) {
        return;
      }
      if (intended == Pace.OVER) {
        finish();
        return;
      }
      int kind = mix.getAsInt();
      idle.remove().send(ledger.send(templates.get(kind), kind, intended, now));
    }
  }

  private Connection elsewhere(int port) {
    Optional<Connection> other =
        idle.stream().filter(connection -> connection.way().port() != port).findFirst();
    other.ifPresent(idle::remove);
    return other.orElseGet(idle::remove);
  }

  private void finish() {
    if (idle.size() == open) {
      done.tryComplete(ledger);
    }
  }

  @Override
  public void idle(Connection connection, boolean refused) {
    if (refused) {
      vertx.setTimer(REFUSED_MILLIS, later -> back(connection));
      return;
    }
    idle.add(connection);
    pump();
  }

  /** Unless it was closed in the meantime. */
  private void back(Connection connection) {
    if (connection.isOpen()) {
      idle.add(connection);
    }
  }

  @Override
  public void refused(Connection connection, Post post, int status) {
    if (ports.insists(status)) {
      ledger.refused(status, post.events());
      repeats.add(new Repeat(post, connection.way().port()));
    } else {
      ledger.count(status, post.events());
    }
  }

  @Override
  public void closed(Connection connection, Optional<Post> unanswered) {
    open--;
    idle.remove(connection);
    unanswered.ifPresent(
        post -> {
          if (ports.insists()) {
            ledger.brokenOff();
            repeats.add(new Repeat(post, connection.way().port()));
          } else {
            ledger.unanswered(post.events());
          }
        });
    connect(ports.afterEnd(connection));
  }
}
