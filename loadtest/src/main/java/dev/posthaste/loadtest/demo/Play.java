package dev.posthaste.loadtest.demo;

import dev.posthaste.loadtest.Progress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Plays the rounds of the day and waits until what must arrive has arrived. */
final class Play {
  private static final int AT_A_TIME = 16;
  private static final int REPEATED = 2;
  private static final int BATCH_EVERY = 5;
  private static final long ROUND_MILLIS = 500;
  private static final long PATIENCE_MILLIS = 30_000;

  /** The quick schedules end within it. */
  private static final long LAST_RETRIES_MILLIS = 10_000;

  private static final long TICK_MILLIS = 100;

  private final Day day;
  private final Publisher publisher;
  private final Collection<Inbox> inboxes;
  private final Progress progress = new Progress();

  Play(Day day, Publisher publisher, Collection<Inbox> inboxes) {
    this.day = day;
    this.publisher = publisher;
    this.inboxes = inboxes;
  }

  void run(int rounds) throws InterruptedException {
    for (int round = 0; round < rounds; round++) {
      long began = System.currentTimeMillis();
      play(day.round(round), round % BATCH_EVERY == BATCH_EVERY - 1);
      show("round " + (round + 1) + " of " + rounds);
      Thread.sleep(Math.max(0, began + ROUND_MILLIS - System.currentTimeMillis()));
    }
    awaitArrivals();
    progress.end();
  }

  private void play(List<Post> posts, boolean inBatches) throws InterruptedException {
    if (inBatches) {
      for (Customer customer : Customer.values()) {
        publisher.batch(posts.stream().filter(post -> post.customer() == customer).toList());
      }
    } else {
      Semaphore slots = new Semaphore(AT_A_TIME);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Post post : posts) {
          slots.acquire();
          threads.execute(
              () -> {
                try {
                  publisher.one(post);
                } finally {
                  slots.release();
                }
              });
        }
      }
    }
    posts.stream().limit(REPEATED).forEach(publisher::again);
  }

  /** Until all has arrived where it can, or nothing has for long; then a while for late retries. */
  private void awaitArrivals() throws InterruptedException {
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    int before = -1;
    while (System.currentTimeMillis() < deadline && !isDone()) {
      int seen = inboxes.stream().mapToInt(Inbox::arrived).sum();
      if (seen != before) {
        deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
        before = seen;
      }
      show("waiting for the last ones");
      Thread.sleep(TICK_MILLIS);
    }
    long enough = System.currentTimeMillis() + LAST_RETRIES_MILLIS;
    while (System.currentTimeMillis() < enough) {
      show("waiting for the retries of those that fail");
      Thread.sleep(TICK_MILLIS);
    }
  }

  private boolean isDone() {
    return inboxes.stream()
        .filter(inbox -> inbox.subscriber().mood().takesAll())
        .allMatch(inbox -> inbox.arrived() >= due(inbox.subscriber()));
  }

  private long due(Subscriber subscriber) {
    return publisher.promises().stream().filter(p -> subscriber.wants(p.post())).count();
  }

  private void show(String doing) {
    progress.show(
        "%s: %,d accepted, %,d delivered, %,d tried again"
            .formatted(
                doing,
                publisher.accepted(),
                inboxes.stream().mapToInt(Inbox::arrived).sum(),
                inboxes.stream().mapToInt(Inbox::retried).sum()));
  }
}
