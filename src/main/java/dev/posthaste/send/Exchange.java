package dev.posthaste.send;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.util.Optional;

/**
 * One post under way, from the look-up of the name to its reply. Ends exactly once: with what came
 * back, with what went wrong, or by its deadline; whatever comes later is dropped.
 */
final class Exchange extends DeadlineWheel.Entry implements Completable<Answer> {
  private static final int MAX_RETRY_AFTER = 64;

  private final Sender sender;
  private final Post post;
  private final Promise<Reply> reply = Promise.promise();
  private final long startNanos = System.nanoTime();

  private SendPhase phase = SendPhase.LOOK_UP;
  private Addresses addresses;
  private Addresses.Address address;
  private Promise<Connection> place;
  private Connection connection;
  private int connectFailures;
  private boolean repeated;
  private boolean over;

  Exchange(Sender sender, Post post) {
    this.sender = sender;
    this.post = post;
  }

  /** Starts; to be called once. Never fails. */
  Future<Reply> start() {
    run();
    return reply.future();
  }

  private void run() {
    phase = SendPhase.LOOK_UP;
    place = null;
    connection = null;
    sender.book().find(post.target()).compose(this::connect).compose(this::ask).onComplete(this);
  }

  private Future<Connection> connect(Addresses found) {
    if (over) {
      return Future.failedFuture(tooLate());
    }
    phase = SendPhase.CONNECT;
    addresses = found;
    address = found.current();
    place = Promise.promise();
    sender.connections().take(post.target(), address, place);
    return place.future();
  }

  private Future<Answer> ask(Connection ready) {
    phase = SendPhase.ANSWER;
    connection = ready;
    return ready.ask(post);
  }

  @Override
  public void complete(Answer answer, Throwable failure) {
    if (over) {
      return;
    }
    if (failure == null) {
      end(answered(answer));
    } else if (mayRunAgain(failure)) {
      run();
    } else {
      Diagnosis diagnosis = Diagnosis.of(failure, phase());
      end(unanswered(diagnosis.reason(), diagnosis.detail()));
    }
  }

  @Override
  void expire() {
    over = true;
    leave();
    end(sender.isClosed() ? stopped() : timedOut());
  }

  /**
   * Another address if this one cannot be reached; another connection, once, if the server closed a
   * kept one before it answered: it most likely closed while our request was on its way. Deliveries
   * are at least once, so a request that did arrive does no harm.
   */
  private boolean mayRunAgain(Throwable failure) {
    if (phase == SendPhase.CONNECT && Diagnosis.isUnreachable(failure)) {
      addresses.leave(address);
      return ++connectFailures < addresses.size();
    }
    boolean stale =
        phase() == SendPhase.ANSWER
            && connection.isKept()
            && (failure instanceof HttpClosedException || failure instanceof IOException);
    boolean again = stale && !repeated;
    repeated |= stale;
    return again;
  }

  /** What is in use is of no more use; what is being opened is for others. */
  private void leave() {
    if (connection != null) {
      connection.close();
    } else if (place != null) {
      place.tryFail(tooLate());
    }
  }

  private SendPhase phase() {
    return phase == SendPhase.ANSWER && connection.isAnswering() ? SendPhase.BODY : phase;
  }

  private void end(Reply outcome) {
    over = true;
    sender.forget(this);
    reply.complete(outcome);
  }

  private Reply answered(Answer answer) {
    return new Reply.Answered(
        answer.status(),
        answer.excerpt(),
        answer.retryAfter().filter(value -> value.length() <= MAX_RETRY_AFTER),
        latencyMicros(),
        Optional.of(address.text()));
  }

  private Reply timedOut() {
    String detail = "no end after " + post.timeoutMillis() + " ms, while " + phase().words();
    return unanswered(Reason.TIMEOUT, detail);
  }

  private Reply stopped() {
    return unanswered(Reason.INTERNAL, "stopped while " + phase().words());
  }

  private Reply unanswered(Reason reason, String detail) {
    Optional<String> where = Optional.ofNullable(address).map(Addresses.Address::text);
    return new Reply.Unanswered(reason, detail, latencyMicros(), where);
  }

  /** Ends the composition; nobody reads it, since the reply is given. */
  private static SendFault tooLate() {
    return new SendFault(Reason.INTERNAL, "over before");
  }

  private long latencyMicros() {
    return (System.nanoTime() - startNanos) / 1_000;
  }
}
