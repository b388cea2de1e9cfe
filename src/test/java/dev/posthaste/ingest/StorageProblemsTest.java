package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class StorageProblemsTest {
  @Test
  void onlyADatabaseThatIsAwayIsSaidToBeAway() {
    assertThat(StorageProblems.of(new ConnectException()).detail()).contains("is away");
    assertThat(StorageProblems.of(told("57P03")).detail()).contains("is away");
    assertThat(StorageProblems.of(told("53100")).detail()).contains("disk space");
    assertThat(StorageProblems.of(told("42P01")).detail())
        .contains("nothing was accepted")
        .doesNotContain("away");
  }

  private static PgException told(String state) {
    return new PgException("told", "ERROR", state, null);
  }
}
