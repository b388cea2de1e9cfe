package dev.posthaste.loadtest.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL that belongs to the run: durable, on a port that stays the same, to be broken. */
public final class Postgres implements AutoCloseable {
  private static final String USER = "loadtest";
  private static final int TRIES = 60;
  private static final long RETRY_MILLIS = 250;

  /** What it may take of the machine. */
  public enum Room {
    /** For a small disk. */
    SMALL(" -c max_connections=80 -c shared_buffers=128MB -c max_wal_size=1GB"),
    /** What {@code dev.posthaste.store.ServerOptions} gives the embedded one. */
    USUAL(
        " -c max_connections=100 -c shared_buffers=256MB -c max_wal_size=2GB"
            + " -c min_wal_size=1GB -c wal_buffers=16MB -c random_page_cost=1.1");

    private final String options;

    Room(String options) {
      this.options = options;
    }
  }

  private final Path bin;
  private final Path data;
  private final Room room;
  private final Path log;
  private final int port;
  private final Thread atExit = new Thread(this::end, "stop PostgreSQL");

  /**
   * Unpacks, makes and starts it.
   *
   * @param disk where its data goes
   */
  public Postgres(Path jar, Path folder, Path disk, Room room) throws IOException {
    this.room = room;
    PostgresArchive.unpack(jar, folder.resolve("postgresql"));
    this.bin = folder.resolve("postgresql/bin");
    this.data = disk.resolve("data");
    this.log = folder.resolve("postgres.log");
    this.port = ServerProcess.freePort();
    require(
        run(
            "initdb",
            "--pgdata=" + data,
            "--username=" + USER,
            "--auth=trust",
            "--locale=C",
            "--encoding=UTF8",
            "-N"),
        "initdb");
    start();
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  private Programs.Result run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(bin.resolve(program).toString());
    command.addAll(List.of(arguments));
    return Programs.run(Programs.notAsRoot(command));
  }

  private static void require(Programs.Result result, String what) throws IOException {
    if (!result.ok()) {
      throw new IOException(what + ": " + result.output());
    }
  }

  /** Starts it unless it runs; what still holds its memory or its port gets some time to go. */
  public void start() throws IOException {
    for (int attempt = 1; !isRunning(); attempt++) {
      Programs.Result result = launch();
      if (!result.ok() && attempt == TRIES) {
        throw new IOException("PostgreSQL does not start, see " + log + ": " + result.output());
      }
      Pause.millis(result.ok() ? 0 : RETRY_MILLIS);
    }
  }

  private Programs.Result launch() throws IOException {
    return run(
        "pg_ctl",
        "start",
        "--wait",
        "--timeout=60",
        "--pgdata=" + data,
        "--log=" + log,
        "--options=-p "
            + port
            + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on"
            + " -c synchronous_commit=on -c full_page_writes=on -c jit=off"
            + room.options);
  }

  public boolean isRunning() throws IOException {
    return run("pg_ctl", "status", "--pgdata=" + data).ok();
  }

  /** {@code kill -9} of the postmaster and all that it has started. */
  public void kill() throws IOException {
    if (Files.exists(data.resolve("postmaster.pid"))) {
      ProcessHandle.of(pid()).ifPresent(Postgres::killFamily);
    }
  }

  private static void killFamily(ProcessHandle postmaster) {
    List<ProcessHandle> family = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    postmaster.onExit().join();
  }

  /** Stops it without a checkpoint, as a power cut would. */
  public void stopImmediately() throws IOException {
    run("pg_ctl", "stop", "--mode=immediate", "--wait", "--pgdata=" + data);
  }

  /** Of the postmaster, while it runs. */
  public long pid() throws IOException {
    return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
  }

  public int port() {
    return port;
  }

  /** What nodes are given, through a line of their own. */
  public static String url(int port) {
    return "postgresql://" + USER + "@127.0.0.1:" + port + "/postgres?sslmode=disable";
  }

  /** A connection that goes past all lines. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=5&socketTimeout=30",
        USER,
        "");
  }

  /** One number. */
  public long query(String sql) throws SQLException {
    try (Connection connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void end() {
    try {
      run("pg_ctl", "stop", "--mode=fast", "--wait", "--timeout=30", "--pgdata=" + data);
      kill();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
