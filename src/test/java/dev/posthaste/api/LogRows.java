package dev.posthaste.api;

import dev.posthaste.event.Tenant;
import dev.posthaste.support.Sql;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Rows of the log as the hot path would have written them. */
record LogRows(ApiServer server) {
  static final int DELIVERED = 1;
  static final int RETRYING = 2;
  static final int FAILED = 3;

  void clear() throws Exception {
    server.sql("TRUNCATE event, attempt, deferred, event_key, node");
  }

  /** Everything below is committed. */
  void horizon(long id) throws Exception {
    server.sql(
        "INSERT INTO node (id, epoch, heartbeat_at, settled_below, live, committed_below)"
            + " VALUES (1, 1, now(), 0, true, %1$d)".formatted(id)
            + " ON CONFLICT (id) DO UPDATE SET committed_below = %d".formatted(id));
  }

  /** An event that any feed may show. */
  long event(Tenant tenant, String type, long... targets) throws Exception {
    long id = uncommitted(tenant, type, "{\"n\": 1}", targets);
    horizon(id + 1);
    return id;
  }

  /** An event above the horizon. */
  long uncommitted(Tenant tenant, String type, String data, long... targets) throws Exception {
    long id = server.ids.next();
    insert(id, tenant, type, data, targets);
    return id;
  }

  void insert(long id, Tenant tenant, String type, String data, long... targets) throws Exception {
    try (var connection = Sql.connect(server.url);
        var statement =
            connection.prepareStatement(
                "INSERT INTO event (id, tenant_id, type, occurred_at_ms, resource_id, data, targets)"
                    + " VALUES (?, ?, ?, 1767225600000, 'v1', convert_to(?, 'UTF8'), ?::bigint[])")) {
      statement.setLong(1, id);
      statement.setLong(2, tenant.id());
      statement.setString(3, type);
      statement.setString(4, data);
      statement.setString(
          5,
          Arrays.stream(targets)
              .mapToObj(Long::toString)
              .collect(Collectors.joining(",", "{", "}")));
      statement.executeUpdate();
    }
  }

  void attempt(long event, long endpoint, int number, int outcome, int httpStatus)
      throws Exception {
    server.sql(
        "INSERT INTO attempt VALUES (%d, %d, %d, %d, 1, %d, NULL, %d000, NULL, 'oh', 1767225600000)"
            .formatted(event, endpoint, number, outcome, httpStatus, number));
  }

  void deferred(long event, long endpoint, int reason) throws Exception {
    server.sql(
        "INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, reason)"
            + " VALUES (%d, %d, 1, '2027-01-01T00:00:00Z', 2, %d)"
                .formatted(event, endpoint, reason));
  }
}
