package dev.posthaste.loadtest.torture.check;

import static dev.posthaste.loadtest.torture.check.Arrival.Answer.CUT_OFF;
import static dev.posthaste.loadtest.torture.check.Arrival.Answer.REFUSED;
import static dev.posthaste.loadtest.torture.check.Arrival.Answer.TAKEN;
import static dev.posthaste.loadtest.torture.check.Arrival.Answer.UNANSWERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.loadtest.torture.check.Deliveries.Delivery;
import dev.posthaste.loadtest.torture.check.Subscription.Order;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A checker that cannot fail proves nothing. */
class ChecksTest {
  private static final Hearing HEARING = new Hearing(1_000_000, 3_000_000);
  private static final PaceKept PACE = new PaceKept(Tally.HEALTHY, 10, 2);

  @Test
  void an_event_that_never_arrived_is_lost() {
    History history =
        new Histories().accepted(1, 1, 1.1).accepted(2, 1, 1.1).arrived(1, 1.2, TAKEN).done();
    assertThat(new NothingLost(Histories.noRecords()).violations(history))
        .extracting(Violation::eventId)
        .containsExactly("evt_2");
  }

  @Test
  void an_event_that_was_only_refused_is_lost() {
    History history = new Histories().accepted(1, 1, 1.1).arrived(1, 1.2, REFUSED).done();
    assertThat(new NothingLost(pending()).violations(history)).hasSize(1);
  }

  @Test
  void giving_up_is_no_excuse_at_an_endpoint_that_takes_everything() {
    History history = new Histories().accepted(1, 1, 1.1).arrived(1, 1.2, REFUSED).done();
    assertThat(new NothingLost(failed(1)).violations(history)).hasSize(1);
  }

  @Test
  void what_came_before_a_deletion_must_arrive_or_be_shown_as_failed() {
    Histories deleted = new Histories().accepted(1, 1, 1.1).deleted(2).off(2, 99).blurred(1.9, 3);
    assertThat(new NothingLost(Histories.noRecords()).violations(deleted.done())).hasSize(1);
    assertThat(new NothingLost(pending()).violations(deleted.done())).hasSize(1);
    assertThat(new NothingLost(failed(1)).violations(deleted.done())).isEmpty();
  }

  @Test
  void nothing_is_owed_to_an_endpoint_that_was_off_or_just_changing() {
    History history =
        new Histories().accepted(1, 2, 2.1).accepted(2, 5, 5.1).off(2, 99).blurred(1.9, 3).done();
    assertThat(new NothingLost(Histories.noRecords()).violations(history)).isEmpty();
  }

  @Test
  void an_endpoint_is_owed_a_record_of_what_it_refused_and_of_nothing_else() {
    History history =
        new Histories()
            .accepted(1, 1, 1.1)
            .arrived(1, 1.2, REFUSED)
            .accepted(2, 2, 2.1)
            .arrived(2, 2.2, TAKEN)
            .refusesSome()
            .done();
    assertThat(new NothingLost(Histories.noRecords()).violations(history))
        .extracting(Violation::eventId)
        .containsExactly("evt_1");
    Deliveries shown = Histories.records(Optional.empty(), "evt_1");
    assertThat(new NothingLost(shown).violations(history)).isEmpty();
  }

  @Test
  void what_failed_without_an_attempt_is_lost() {
    History history = new Histories().accepted(1, 1, 1.1).refusesSome().done();
    Deliveries shown = Histories.records(Optional.empty(), "evt_1");
    assertThat(new NothingLost(shown).violations(history)).hasSize(1);
  }

  @Test
  void a_wrong_signature_is_told() {
    History history = new Histories().badSignatures(1).done();
    assertThat(new SignaturesHold().violations(history)).hasSize(1);
  }

  @Test
  void two_events_for_one_id_of_the_publisher_are_told() {
    History history =
        new Histories()
            .accepted(1, 1, 1.1)
            .arrived(1, 1.2, TAKEN)
            .arrivedAs("evt_other", 1, 1.3, TAKEN)
            .done();
    assertThat(new OneIdOneEvent().violations(history)).hasSize(1);
  }

  @Test
  void a_retry_that_comes_too_early_is_told() {
    assertThat(distance(histories(REFUSED, 1.9).done(), failed(2))).isEmpty();
    assertThat(distance(histories(REFUSED, 1.7).done(), failed(2))).hasSize(1);
    assertThat(distance(histories(UNANSWERED, 1.7).done(), failed(2))).hasSize(1);
    assertThat(distance(histories(CUT_OFF, 1.01).done(), failed(2))).isEmpty();
  }

  @Test
  void a_fault_excuses_an_early_retry_only_if_the_record_of_one_is_missing() {
    History near = histories(REFUSED, 1.1).fault(1.05, 1.1, false).done();
    assertThat(distance(near, failed(1))).isEmpty();
    assertThat(distance(near, failed(2))).hasSize(1);
    History far = histories(REFUSED, 1.1).fault(50, 51, false).done();
    assertThat(distance(far, failed(1))).hasSize(1);
  }

  private static Histories histories(Arrival.Answer first, double second) {
    return new Histories().accepted(1, 0.8, 0.9).arrived(1, 1, first).arrived(1, second, TAKEN);
  }

  private static java.util.List<Violation> distance(History history, Deliveries records) {
    return new RetriesKeepTheirDistance(records, 20, 10_000_000).violations(history);
  }

  @Test
  void a_delivery_after_a_deletion_is_told() {
    Histories histories = new Histories().accepted(1, 1, 1.1).deleted(5).arrived(1, 6.5, TAKEN);
    assertThat(new NothingAfterDelete(HEARING).violations(histories.done())).hasSize(1);
    assertThat(new NothingAfterDelete(HEARING).violations(histories.fault(4, 4.5, false).done()))
        .hasSize(1);
    assertThat(new NothingAfterDelete(HEARING).violations(histories.fault(4, 5.5, true).done()))
        .isEmpty();
  }

  @Test
  void a_delivery_at_the_moment_of_the_deletion_is_fine() {
    History history = new Histories().accepted(1, 1, 1.1).deleted(5).arrived(1, 5.9, TAKEN).done();
    assertThat(new NothingAfterDelete(HEARING).violations(history)).isEmpty();
  }

  @Test
  void what_came_last_after_a_deletion_is_measured_unless_a_node_could_not_hear_of_it() {
    Histories histories = new Histories().accepted(1, 1, 1.1).deleted(5).arrived(1, 5.25, TAKEN);
    assertThat(new NothingAfterDelete(HEARING).latestMicros(histories.done())).isEqualTo(250_000);
    assertThat(new NothingAfterDelete(HEARING).latestMicros(histories.fault(4, 5.5, true).done()))
        .isZero();
  }

  @Test
  void a_wrong_order_is_told() {
    Histories histories =
        new Histories()
            .accepted(1, 1, 1.1)
            .accepted(2, 2, 2.1)
            .arrived(2, 3, TAKEN)
            .arrived(1, 4, TAKEN);
    assertThat(new OrderKept().violations(histories.done())).isEmpty();
    assertThat(new OrderKept().violations(histories.ordered(Order.FIFO).done()))
        .extracting(Violation::eventId)
        .containsExactly("evt_1");
    assertThat(new OrderKept().violations(histories.ordered(Order.BY_CASE).done())).hasSize(1);
  }

  @Test
  void an_event_that_comes_while_another_one_is_tried_again_is_told() {
    Histories histories =
        new Histories()
            .accepted(1, 1, 1.1)
            .accepted(2, "case-2", 1.2, 1.3)
            .arrived(1, 2, REFUSED)
            .arrived(2, 2.5, TAKEN)
            .arrived(1, 3, TAKEN);
    assertThat(oneAtATime(histories)).isEmpty();
    assertThat(oneAtATime(histories.ordered(Order.BY_CASE))).isEmpty();
    assertThat(oneAtATime(histories.ordered(Order.FIFO)))
        .extracting(Violation::eventId)
        .containsExactly("evt_2");
    assertThat(oneAtATime(histories.fault(2.1, 2.2, false))).hasSize(1);
  }

  @Test
  void of_events_of_the_same_time_either_may_come_while_the_other_one_waits() {
    Histories together =
        new Histories()
            .accepted(1, 1, 1.2)
            .accepted(2, 1.1, 1.3)
            .arrived(1, 2, REFUSED)
            .arrived(2, 2.5, TAKEN)
            .arrived(1, 3, TAKEN)
            .ordered(Order.FIFO);
    assertThat(oneAtATime(together)).isEmpty();
  }

  /** Its waits are 1 and 2 s, a fifth less with jitter. */
  @Test
  void an_event_that_is_skipped_before_its_schedule_has_ended_is_told() {
    assertThat(oneAtATime(skippedAfter(2.4))).isEmpty();
    assertThat(oneAtATime(skippedAfter(2.3))).hasSize(1);
  }

  @Test
  void a_fault_excuses_a_short_schedule_only_if_an_attempt_on_the_record_never_came() {
    Histories fault = skippedAfter(2.3).fault(1.5, 1.6, false);
    assertThat(oneAtATime(fault, failed(1))).hasSize(1);
    assertThat(oneAtATime(fault, failed(2))).isEmpty();
    assertThat(oneAtATime(skippedAfter(2.3).fault(5, 6, false), failed(2))).hasSize(1);
  }

  private static Histories skippedAfter(double seconds) {
    return new Histories()
        .accepted(1, 1, 1.1)
        .accepted(2, 1.2, 1.3)
        .arrived(1, 2, REFUSED)
        .arrived(2, 2 + seconds, TAKEN)
        .ordered(Order.FIFO);
  }

  private static List<Violation> oneAtATime(Histories histories) {
    return oneAtATime(histories, Histories.noRecords());
  }

  private static List<Violation> oneAtATime(Histories histories, Deliveries records) {
    return new OneAtATime(records, 20, 1_000_000).violations(histories.done());
  }

  @Test
  void events_of_different_cases_or_of_the_same_time_have_no_order() {
    Histories together =
        new Histories()
            .accepted(1, 1, 2.1)
            .accepted(2, 2, 2.1)
            .arrived(2, 3, TAKEN)
            .arrived(1, 4, TAKEN)
            .ordered(Order.FIFO);
    assertThat(new OrderKept().violations(together.done())).isEmpty();
    Histories apart =
        new Histories()
            .accepted(1, "case-1", 1, 1.1)
            .accepted(2, "case-2", 2, 2.1)
            .arrived(2, 3, TAKEN)
            .arrived(1, 4, TAKEN)
            .ordered(Order.BY_CASE);
    assertThat(new OrderKept().violations(apart.done())).isEmpty();
  }

  @Test
  void much_more_than_an_endpoint_allows_is_told_wherever_the_seconds_begin() {
    Histories steady = new Histories();
    arrived(steady, 0, 300, 0, 8);
    assertThat(PACE.violations(steady.done())).isEmpty();
    assertThat(PACE.most(steady.done())).isEqualTo(40);
    arrived(steady, 300, 80, 24.5, 80);
    assertThat(PACE.violations(steady.done()))
        .extracting(Violation::detail)
        .containsExactly("120 came in 5 s, limited to 10/s; faults excuse 106");
  }

  @Test
  void nodes_that_do_not_know_of_each_other_may_each_keep_the_pace_for_themselves() {
    Histories twice = new Histories();
    arrived(twice, 0, 200, 0, 20);
    assertThat(PACE.violations(twice.done())).isEmpty();
    Histories thrice = new Histories();
    arrived(thrice, 0, 200, 0, 30);
    assertThat(PACE.violations(thrice.done())).hasSize(1);
  }

  @Test
  void repeats_count_for_the_pace_and_other_endpoints_have_none() {
    Histories same = new Histories();
    arrived(same, 0, 60, 0, 60);
    arrived(same, 0, 60, 1, 60);
    assertThat(PACE.violations(same.done())).hasSize(1);
    assertThat(new PaceKept("another", 10, 2).violations(same.done())).isEmpty();
  }

  /** Many at an even pace, from a second on. */
  private static void arrived(
      Histories histories, int first, int count, double from, double perSecond) {
    for (int i = 0; i < count; i++) {
      histories.arrived(first + i, from + i / perSecond, TAKEN);
    }
  }

  @Test
  void a_repeat_is_told_unless_each_arrival_is_on_the_record() {
    Histories retried = histories(REFUSED, 2);
    assertThat(new NoRepeats(failed(1)).violations(retried.done())).isEmpty();
    History repeated = retried.arrived(1, 3, TAKEN).done();
    assertThat(new NoRepeats(failed(2)).violations(repeated)).hasSize(1);
    assertThat(new NoRepeats(failed(3)).violations(repeated)).isEmpty();
  }

  @Test
  void the_tally_counts_repeats_refusals_and_what_nobody_said_yes_to() {
    Tally tally = Tally.of(histories(REFUSED, 2).arrived(1, 3, TAKEN).arrived(9, 3, TAKEN).done());
    assertThat(tally.arrived()).isEqualTo(2);
    assertThat(tally.repeats()).isEqualTo(1);
    assertThat(tally.refused()).isEqualTo(1);
    assertThat(tally.unconfirmed()).isEqualTo(1);
  }

  @Test
  void recovery_ends_when_what_was_accepted_before_the_fault_has_arrived() {
    History history =
        new Histories()
            .accepted(1, 1, 1.1)
            .arrived(1, 6, TAKEN)
            .accepted(2, 3, 3.1)
            .arrived(2, 9, TAKEN)
            .fault(2, 4, false)
            .done();
    assertThat(RecoveryTimes.of(history).get("some").getMaxValue() / 1e6).isBetween(3.9, 4.1);
  }

  private static Deliveries pending() {
    return Histories.records(Optional.of(new Delivery("pending", 1, "http_error")));
  }

  private static Deliveries failed(int reached) {
    return Histories.records(Optional.of(new Delivery("failed", reached, "http_error")));
  }
}
