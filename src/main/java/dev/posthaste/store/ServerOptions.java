package dev.posthaste.store;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How the embedded PostgreSQL is set: durable first, then for a small machine that it shares. On
 * the command line, where neither postgresql.conf nor ALTER SYSTEM overrides it.
 */
final class ServerOptions {
  /** Without these a 202 would be a lie; asserted with SHOW after each start. */
  static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");

  private static final List<String> OTHERS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "max_connections=100",
          "shared_buffers=256MB",
          "max_wal_size=2GB",
          "min_wal_size=1GB",
          "wal_buffers=16MB",
          "checkpoint_completion_target=0.9",
          "random_page_cost=1.1",
          "jit=off",
          "timezone=UTC",
          "log_timezone=UTC",
          // Row contents stay out of the log.
          "log_error_verbosity=terse");

  private ServerOptions() {}

  /** For {@code pg_ctl --options}. */
  static String commandLine(int port) {
    String durable =
        DURABLE.stream().map(name -> "-c " + name + "=on").collect(Collectors.joining(" "));
    String others = OTHERS.stream().map(option -> "-c " + option).collect(Collectors.joining(" "));
    return "-p " + port + " " + durable + " " + others;
  }
}
