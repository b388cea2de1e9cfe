package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.Postgres;
import dev.posthaste.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Nodes on one PostgreSQL: that of the first node, or one of its own. The others are there while
 * they are asked for.
 */
final class Cluster implements AutoCloseable {
  private final ServerProcess.Plan plan;
  private final Optional<Postgres> own;
  private final PostgresProbe postgres;

  /** Looked at from the side while a node is restarted. */
  private final List<Node> nodes = new CopyOnWriteArrayList<>();

  private Usage ended = Usage.NONE;

  /** Starts one node with an embedded PostgreSQL and waits until it is ready. */
  Cluster(ServerProcess.Plan plan) throws IOException, InterruptedException, SQLException {
    this.plan = plan;
    this.own = Optional.empty();
    nodes.add(Node.start(plan));
    try {
      postgres = PostgresProbe.of(first().dataFolder());
    } catch (IOException | SQLException e) {
      first().close();
      throw e;
    }
  }

  private Cluster(ServerProcess.Plan plan, Postgres own)
      throws IOException, InterruptedException, SQLException {
    this.plan = plan;
    this.own = Optional.of(own);
    this.postgres = PostgresProbe.of(own);
    resize(1);
  }

  /** The same with a PostgreSQL of its own, so that any node may end. */
  static Cluster apart(ServerProcess.Plan plan)
      throws IOException, InterruptedException, SQLException {
    Path folder = Files.createDirectories(plan.folder().resolve("postgres"));
    Postgres own = new Postgres(plan.jar(), folder, folder, Postgres.Room.USUAL);
    try {
      return new Cluster(plan, own);
    } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
      own.close();
      throw e;
    }
  }

  /** The one whose PostgreSQL it is, unless that is one of its own. */
  ServerProcess first() {
    return nodes.getFirst().server();
  }

  /** The one that was the last to join. */
  ServerProcess last() {
    return nodes.getLast().server();
  }

  PostgresProbe postgres() {
    return postgres;
  }

  /** Starts nodes, or ends them, until there are so many. */
  void resize(int count) throws IOException, InterruptedException {
    while (nodes.size() > count) {
      nodes.removeLast().close();
    }
    while (nodes.size() < count) {
      nodes.add(Node.start(joining("node-" + (nodes.size() + 1))));
    }
  }

  /**
   * Stops a node by SIGTERM, starts it again and waits until it is ready; gives the seconds. Not
   * the first one if the PostgreSQL is its.
   */
  double restart(int index) throws IOException, InterruptedException {
    Node node = nodes.get(index);
    long began = System.nanoTime();
    ended = ended.plus(node.end());
    nodes.set(index, node.again());
    return (System.nanoTime() - began) / 1e9;
  }

  /** What another node on this PostgreSQL is started with. */
  ServerProcess.Plan joining(String name) {
    Path folder = plan.folder().resolve(name);
    Map<String, String> environment = new HashMap<>(plan.environment());
    environment.put("POSTHASTE_DATABASE_URL", postgres.url());
    return plan.at(folder, environment);
  }

  /** What a node of the same kind with a PostgreSQL of its own is started with. */
  ServerProcess.Plan alone(String name) {
    Path folder = plan.folder().resolve(name);
    return plan.at(folder, plan.environment());
  }

  /** As the generator takes them. */
  String ports() {
    return nodes.stream()
        .map(node -> String.valueOf(node.server().port()))
        .collect(Collectors.joining(","));
  }

  /** Of all nodes together, those included that were stopped for a restart. */
  Usage usage() throws IOException {
    Usage sum = ended;
    for (Node node : nodes) {
      sum = sum.plus(node.usage());
    }
    return sum;
  }

  /** Of all nodes together. */
  double residentMebibytes() {
    return nodes.stream().mapToDouble(node -> ProcFs.residentMebibytes(node.server().pid())).sum();
  }

  /** Of the first node. */
  ManagementProbe management() {
    return nodes.getFirst().management();
  }

  int size() {
    return nodes.size();
  }

  @Override
  public void close() throws IOException {
    try {
      postgres.close();
    } catch (SQLException e) {
      throw new IOException(e);
    } finally {
      // The one whose PostgreSQL it is comes last.
      for (Node node : nodes.reversed()) {
        node.close();
      }
      own.ifPresent(Postgres::close);
    }
  }
}
