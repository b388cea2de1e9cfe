package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A node with an embedded PostgreSQL, and others that share it while they are asked for. */
final class Cluster implements AutoCloseable {
  private final ServerProcess.Plan plan;
  private final PostgresProbe postgres;
  private final List<Node> nodes = new ArrayList<>();

  /** Starts one node and waits until it is ready. */
  Cluster(ServerProcess.Plan plan) throws IOException, InterruptedException, SQLException {
    this.plan = plan;
    nodes.add(Node.start(plan));
    try {
      postgres = PostgresProbe.of(first().dataFolder());
    } catch (IOException | SQLException e) {
      first().close();
      throw e;
    }
  }

  /** The one whose PostgreSQL it is. */
  ServerProcess first() {
    return nodes.getFirst().server();
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

  /** What another node on this PostgreSQL is started with. */
  ServerProcess.Plan joining(String name) {
    Path folder = plan.folder().resolve(name);
    Map<String, String> environment = new HashMap<>(plan.environment());
    environment.put("POSTHASTE_DATABASE_URL", postgres.url());
    return new ServerProcess.Plan(plan.jar(), folder, plan.options(), environment);
  }

  /** What a node of the same kind with a PostgreSQL of its own is started with. */
  ServerProcess.Plan alone(String name) {
    Path folder = plan.folder().resolve(name);
    return new ServerProcess.Plan(plan.jar(), folder, plan.options(), plan.environment());
  }

  /** As the generator takes them. */
  String ports() {
    return nodes.stream()
        .map(node -> String.valueOf(node.server().port()))
        .collect(Collectors.joining(","));
  }

  /** Of all nodes together. */
  Usage usage() throws IOException {
    Usage sum = Usage.NONE;
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
    }
  }
}
