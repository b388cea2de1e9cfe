package dev.posthaste.loadtest.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Compares what was promised with what arrived, endpoint by endpoint. */
final class Audit {
  private static final long HIGHEST_MILLIS = 3_600_000;

  private final Map<String, Line> lines = new LinkedHashMap<>();
  private final Histogram latency = new Histogram(HIGHEST_MILLIS, 3);
  private final List<String> faults = new ArrayList<>();
  private int altered;

  /**
   * One endpoint.
   *
   * @param due events that it should get
   * @param missing of them, where the endpoint takes all
   */
  record Line(Inbox inbox, int due, int missing, DeliveryLog log, String status) {}

  Audit(Publisher publisher, Collection<Inbox> inboxes, Stage stage) {
    for (Inbox inbox : inboxes) {
      lines.put(inbox.subscriber().uid(), line(publisher, inbox, stage));
    }
    checkMatches(publisher);
    note(altered, "deliveries had altered data");
    note(publisher.refused(), "events were not answered as they should be");
    note(publisher.wrongIds(), "events had another id than their content says");
    note(inboxes.stream().mapToInt(Inbox::badSignatures).sum(), "signatures were bad");
  }

  private Line line(Publisher publisher, Inbox inbox, Stage stage) {
    Subscriber subscriber = inbox.subscriber();
    int due = 0;
    int missing = 0;
    for (Publisher.Promise promise : publisher.promises()) {
      if (subscriber.wants(promise.post())) {
        due++;
        missing += subscriber.mood().takesAll() && !arrived(inbox, promise) ? 1 : 0;
      }
    }
    DeliveryLog log = DeliveryLog.of(stage.of(subscriber.customer()), stage.endpointId(subscriber));
    note(missing, "events never arrived at " + subscriber.uid());
    return new Line(inbox, due, missing, log, stage.status(subscriber));
  }

  private boolean arrived(Inbox inbox, Publisher.Promise promise) {
    return inbox
        .of(promise.eventId())
        .map(
            delivery -> {
              if (!delivery.body().orElse("").contains(promise.post().data().encode())) {
                altered++;
              }
              if (inbox.subscriber().mood() == Mood.HEALTHY) {
                latency.recordValue(
                    Math.max(0, delivery.arrivedMillis() - promise.acceptedMillis()));
              }
              return true;
            })
        .orElse(false);
  }

  /**
   * The 202 says to how many endpoints an event goes. All that take everything must be among them;
   * the rest must be in the log of the others, which are left out once they are disabled.
   */
  private void checkMatches(Publisher publisher) {
    int others = 0;
    for (Publisher.Promise promise : publisher.promises()) {
      long healthy =
          Subscriber.ALL.stream()
              .filter(s -> s.mood().takesAll() && s.wants(promise.post()))
              .count();
      note(promise.deliveries() < healthy ? 1 : 0, promise.post().type() + " matched too little");
      others += promise.deliveries() - Math.toIntExact(healthy);
    }
    int logged =
        lines.values().stream()
            .filter(line -> !line.inbox().subscriber().mood().takesAll())
            .mapToInt(line -> line.log().all())
            .sum();
    note(Math.abs(others - logged), "deliveries to failing endpoints are not in GET /deliveries");
  }

  private void note(int count, String what) {
    if (count > 0) {
      faults.add("%,d %s".formatted(count, what));
    }
  }

  Collection<Line> lines() {
    return lines.values();
  }

  List<String> faults() {
    return faults;
  }

  int altered() {
    return altered;
  }

  Histogram latency() {
    return latency;
  }
}
