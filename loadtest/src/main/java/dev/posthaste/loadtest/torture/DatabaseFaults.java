package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Postgres;
import dev.posthaste.loadtest.torture.FaultKind.Strike;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What happens to PostgreSQL. */
final class DatabaseFaults {
  private static final int MOST_CONNECTIONS = 500;

  private DatabaseFaults() {}

  /** {@code kill -9} of the whole server, and a start. */
  static Strike kill(Scene scene) throws IOException {
    scene.postgres().kill();
    long away = scene.hold(0, 1_500);
    scene.postgres().start();
    return new Strike("away for %d ms and its recovery".formatted(away), 1);
  }

  /** {@code pg_ctl stop -m immediate}, and a start. */
  static Strike stop(Scene scene) throws IOException {
    scene.postgres().stopImmediately();
    long away = scene.hold(0, 4_000);
    scene.postgres().start();
    return new Strike("away for %d ms and its recovery".formatted(away), 0);
  }

  /** Others hold every connection there is, just when nodes have lost theirs. */
  static Strike exhaust(Scene scene) throws IOException {
    List<Node> nodes = scene.any();
    List<Connection> held = new ArrayList<>();
    try {
      nodes.forEach(node -> node.line().cut());
      takeAll(scene.postgres(), held);
      nodes.forEach(node -> node.line().mend());
      long millis = scene.hold(2_000, 5_000);
      return new Strike(
          "%d connections held for %d ms after a cut of %s"
              .formatted(held.size(), millis, Scene.names(nodes)),
          0);
    } finally {
      held.forEach(DatabaseFaults::quietlyClose);
    }
  }

  private static void takeAll(Postgres postgres, List<Connection> held) {
    try {
      while (held.size() < MOST_CONNECTIONS) {
        held.add(postgres.connect());
      }
    } catch (SQLException e) {
      // That was the last one.
    }
  }

  private static void quietlyClose(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is closed all the same.
    }
  }

  /** No room for a while. PostgreSQL may give up over it; then it is started when there is room. */
  static Strike fillDisk(Scene scene) throws IOException {
    Disk disk = scene.disk().orElseThrow();
    disk.fill();
    long full = scene.hold(3_000, 6_000);
    boolean survived = scene.postgres().isRunning();
    disk.free();
    scene.postgres().start();
    return new Strike(
        "full for %d ms, PostgreSQL %s".formatted(full, survived ? "went on" : "gave up"), 0);
  }
}
