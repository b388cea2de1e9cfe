package dev.posthaste.loadtest.gatling;

import dev.posthaste.loadtest.plan.Kind;
import dev.posthaste.loadtest.plan.Mix;
import dev.posthaste.loadtest.plan.Plan;
import dev.posthaste.loadtest.plan.RunLedger;
import dev.posthaste.loadtest.plan.Schedule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Makes the requests of virtual users and books what becomes of them. Each event carries the time
 * at which the plan wanted it sent, not the time at which its user got to run. Thread-safe.
 */
final class Publisher {
  private final Plan plan;
  private final LongSupplier clock;
  private final Schedule schedule;
  private final Mix mix;
  private final EventText[] texts;
  private final List<RunLedger> ledgers = new ArrayList<>();
  private final Anchor anchor = new Anchor();
  private final Overrun overrun;

  /**
   * Nothing is sent yet.
   *
   * @param clock microseconds since 1970
   */
  Publisher(Plan plan, LongSupplier clock) {
    this.plan = plan;
    this.clock = clock;
    this.schedule = new Schedule(plan.legs());
    this.mix = new Mix(plan.kinds());
    this.texts = EventText.of(plan);
    this.overrun = new Overrun(plan);
    for (int i = 0; i < plan.runs(); i++) {
      ledgers.add(new RunLedger());
    }
  }

  /**
   * The request of a virtual user.
   *
   * @param user counted from 0 in the order in which the plan begins them
   */
  Request request(int user) {
    long now = clock.getAsLong();
    long offset = schedule.dueMicros(user);
    long due = anchor.see(now, offset) + offset;
    int leg = schedule.legOf(user);
    overrun.sent(leg, now - due);
    return fill(user, leg, new Times(due, now));
  }

  private record Times(long due, long now) {}

  private Request fill(int user, int leg, Times times) {
    int[] kinds = kinds(user);
    int[] runs = new int[kinds.length];
    int[] numbers = new int[kinds.length];
    byte[] body = new byte[length(kinds)];
    int at = 0;
    for (int i = 0; i < kinds.length; i++) {
      runs[i] = plan.run(leg, plan.kinds().get(kinds[i]).healthy());
      numbers[i] = ledger(runs[i]).send(times.due(), times.now());
      body[at] = (byte) (i == 0 ? '[' : ',');
      at += plan.batch() > 1 ? 1 : 0;
      EventText text = texts[kinds[i]];
      text.write(body, at, new EventText.Mark(runs[i], numbers[i], times.due()));
      at += text.length();
    }
    if (plan.batch() > 1) {
      body[at] = ']';
    }
    Kind first = plan.kinds().get(kinds[0]);
    return new Request(plan.legs().get(leg).name(), first.key(), body, runs, numbers);
  }

  /** A batch has one key: if kinds have several, all of its events are of one kind. */
  private int[] kinds(int user) {
    int[] kinds = new int[plan.batch()];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = mix.kindOf(plan.mixes() ? (long) user * plan.batch() + i : user);
    }
    return kinds;
  }

  private int length(int[] kinds) {
    int length = kinds.length > 1 ? kinds.length + 1 : 0;
    for (int kind : kinds) {
      length += texts[kind].length();
    }
    return length;
  }

  private RunLedger ledger(int run) {
    return ledgers.get(run - plan.firstRun());
  }

  /** Books what was answered. */
  void answered(Request request, int status, byte[] body) {
    long now = clock.getAsLong();
    List<Answer> answers = Answer.of(status, body, request.events());
    boolean refused = false;
    for (int i = 0; i < request.events(); i++) {
      Answer answer = answers.get(i);
      RunLedger ledger = ledger(request.runs()[i]);
      if (answer.status() == Answer.ACCEPTED) {
        ledger.accept(request.numbers()[i], answer.id(), now);
      } else {
        refused = true;
        ledger.refuse(answer.status());
      }
    }
    overrun.answered(refused);
  }

  /** Whether it makes no sense to go on. */
  boolean isOverrun() {
    return overrun.isReached();
  }

  /** Writes one folder for each run, and when the plan began. */
  void write(Path folder) throws IOException {
    for (int i = 0; i < ledgers.size(); i++) {
      ledgers.get(i).write(folder.resolve(String.valueOf(plan.firstRun() + i)));
    }
    Files.writeString(
        folder.resolve("began.txt"), String.valueOf(anchor.micros()), StandardCharsets.US_ASCII);
  }
}
