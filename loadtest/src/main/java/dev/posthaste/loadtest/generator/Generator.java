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

/** Sends what the pace says over whichever connection is idle. One event loop. */
final class Generator extends VerticleBase implements Connection.Listener {
  private static final long RECONNECT_MILLIS = 100;

  /** A refused client comes back later, or it would only measure refusals. */
  private static final long REFUSED_MILLIS = 20;

  private final List<EventTemplate> templates;
  private final Mix mix;
  private final List<Integer> ports;
  private final int connections;
  private final Ledger ledger = new Ledger();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private NetClient client;
  private Pace pace = now -> Pace.NOT_YET;
  private Promise<Ledger> done;
  private int open;

  Generator(List<EventTemplate> templates, Mix mix, List<Integer> ports, int connections) {
    this.templates = templates;
    this.mix = mix;
    this.ports = ports;
    this.connections = connections;
  }

  @Override
  public Future<?> start() {
    client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      all.add(connect(ports.get(i % ports.size())));
    }
    vertx.setPeriodic(1, tick -> pump());
    return Future.all(all);
  }

  private Future<?> connect(int port) {
    return client
        .connect(port, "127.0.0.1")
        .onSuccess(
            socket -> {
              open++;
              idle.add(new Connection(port, socket, ledger, this));
            })
        .onFailure(error -> vertx.setTimer(RECONNECT_MILLIS, later -> connect(port)));
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
      long intended = pace.next(now);
      if (intended == Pace.NOT_YET) {
        return;
      }
      if (intended == Pace.OVER) {
        finish();
        return;
      }
      int kind = mix.getAsInt();
      idle.remove().send(templates.get(kind), kind, intended, now);
    }
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
  public void closed(Connection connection) {
    open--;
    idle.remove(connection);
    connect(connection.port());
  }
}
