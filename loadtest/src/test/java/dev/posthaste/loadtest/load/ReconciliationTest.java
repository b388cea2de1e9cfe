package dev.posthaste.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.loadtest.plan.RunLedger;
import dev.posthaste.loadtest.wire.Timeline;
import org.junit.jupiter.api.Test;

final class ReconciliationTest {
  private static final String ID = "evt_01M7Y9QRFP00002RJAN4PVABBP";

  private final RunLedger ledger = new RunLedger();
  private final Timeline arrived = new Timeline();

  @Test
  void namesWhatWasAcknowledgedAndDidNotArrive() {
    accepted();
    arrived.setFirst(0, 50);
    accepted();

    Reconciliation found = Reconciliation.of(3, ledger, arrived);
    assertThat(found.acknowledged()).isEqualTo(2);
    assertThat(found.lost()).containsExactly(ID + " (run 3, number 1)");
  }

  @Test
  void doesNotMissWhatWasNeverAcknowledged() {
    ledger.send(1, 1);
    ledger.refuse(503);

    assertThat(Reconciliation.of(3, ledger, arrived).lost()).isEmpty();
  }

  @Test
  void countsWhatArrivedWithoutAYes() {
    arrived.setFirst(ledger.send(1, 1), 50);
    ledger.refuse(RunLedger.UNANSWERED);

    Reconciliation found = Reconciliation.of(3, ledger, arrived);
    assertThat(found.unacknowledged()).isEqualTo(1);
    assertThat(found.lost()).isEmpty();
  }

  private void accepted() {
    ledger.accept(ledger.send(1, 1), ID, 20);
  }
}
