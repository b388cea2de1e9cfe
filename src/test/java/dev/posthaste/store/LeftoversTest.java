package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.RetentionSettings;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class LeftoversTest {
  private static long idOf(int daysAgo) {
    long millis = Clock.systemUTC().millis() - Duration.ofDays(daysAgo).toMillis();
    return IdGenerator.lowestAt(millis);
  }

  @Test
  void whatIsPastItsTimeIsDeletedAndTheRestStays(@PerTest DatabaseUrl url) {
    try (TestDatabase db = new TestDatabase(url)) {
      db.execute(
          "INSERT INTO kept_answer SELECT 1, 'old' || n, '', 200, '', now() - interval '1 s' FROM generate_series(1, 6000) n",
          "INSERT INTO kept_answer VALUES (1, 'new', '', 200, '', now() + interval '1 h')",
          "INSERT INTO account (id, name) VALUES (1, 'main')",
          "INSERT INTO tenant (id, account_id, uid, name, contract) VALUES (1, 1, 't', 't', 'c')",
          "INSERT INTO endpoint (id, tenant_id, url, event_type_filters) VALUES (1, 1, 'u', '{*}')");
      long today = idOf(1);
      for (int days : new int[] {31, 29}) {
        long id = idOf(days);
        db.execute(
            "INSERT INTO audit (id, account_id, key_id, key_name, action, subject, detail) VALUES (%d, 1, 1, 'k', 'a', 's', '{}')"
                .formatted(id),
            "INSERT INTO added_target VALUES (%d, 1)".formatted(id),
            "INSERT INTO attachment VALUES (%d, 1, 'f', 't/t', 1, '')".formatted(id),
            "INSERT INTO attachment VALUES (%d, 1, 'f', 't/t', 1, NULL, now() - interval '%d h')"
                .formatted(today + days, days - 6),
            "INSERT INTO attachment_chunk VALUES (%d, 0, '')".formatted(id),
            "INSERT INTO attachment_chunk VALUES (%d, 0, '')".formatted(today + days),
            "INSERT INTO job (id, tenant_id, endpoint_id, kind, picks, first_event, last_event, cursor, state, key_id, key_name) VALUES (%d, 1, 1, 1, 1, 0, 0, 0, 3, 1, 'k')"
                .formatted(id),
            "INSERT INTO job_delivery VALUES (%d, 1, false)".formatted(id));
      }
      RetentionSettings month = new RetentionSettings(30, 1, 2);
      Await.value(new Partitions(db.database(), month, Clock.systemUTC()).maintain());
      assertThat(db.column("SELECT name FROM kept_answer")).containsExactly("new");
      assertThat(
              db.column(
                  "SELECT DISTINCT attachment_id - %d FROM attachment_chunk WHERE attachment_id > %d"
                      .formatted(today, today)))
          .containsExactly("29");
      assertThat(db.column("SELECT count(*) FROM attachment_chunk")).containsExactly("2");
      for (String table : new String[] {"audit", "added_target", "job", "job_delivery"}) {
        assertThat(db.column("SELECT count(*) FROM " + table)).as(table).containsExactly("1");
      }
    }
  }
}
