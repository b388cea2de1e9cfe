package dev.posthaste.loadtest.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunLedgerTest {
  private static final String ID = "evt_01M7Y9QRFP00002RJAN4PVABBP";

  @TempDir private Path folder;

  @Test
  void isReadAsItWasWritten() throws IOException {
    RunLedger ledger = new RunLedger();
    ledger.send(100, 110);
    int second = ledger.send(200, 205);
    ledger.accept(second, ID, 900);
    ledger.refuse(429);
    ledger.write(folder);

    RunLedger read = RunLedger.read(folder);
    assertThat(read.due().get(second)).isEqualTo(200);
    assertThat(read.sent().get(second)).isEqualTo(205);
    assertThat(read.accepted().get(0)).isZero();
    assertThat(read.accepted().get(second)).isEqualTo(900);
    assertThat(read.id(second)).isEqualTo(ID);
    assertThat(read.others()).containsEntry(429, 1);
  }
}
