package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Reply;
import dev.posthaste.store.DeliveryRecord.AttemptRecord;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Optional;

/** Attempts as rows. */
final class AttemptRows {
  private AttemptRows() {}

  static AttemptRecord attempt(Row row) {
    return new AttemptRecord(
        row.getInteger("attempt_no"),
        Attempt.Outcome.of(row.getShort("outcome")),
        Attempt.Trigger.of(row.getShort("trigger")),
        Optional.ofNullable(row.getShort("http_status")).map(Short::intValue),
        Optional.ofNullable(row.getShort("reason")).map(number -> Reply.Reason.of(number)),
        row.getInteger("latency_us"),
        Optional.ofNullable(row.getString("address")),
        Optional.ofNullable(row.getString("response")),
        Instant.ofEpochMilli(row.getLong("at_ms")));
  }
}
