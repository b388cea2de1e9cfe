package dev.posthaste.send;

import dev.posthaste.contract.Header;
import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import io.netty.buffer.Unpooled;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.util.Optional;

/**
 * One post under way, from the look-up of the name to its reply. Ends exactly once: with what came
 * back, with what went wrong, or by its deadline; whatever comes later is dropped.
 */
final class Exchange extends DeadlineWheel.Entry implements Completable<String> {
  private static final CharSequence IDENTITY = HttpHeaders.createOptimized("identity");
  private static final int MAX_RETRY_AFTER = 64;

  private final Sender sender;
  private final Post post;
  private final Promise<Reply> reply = Promise.promise();
  private final long startNanos = System.nanoTime();

  private SendPhase phase = SendPhase.LOOK_UP;
  private Addresses addresses;
  private Addresses.Address address;
  private HttpClientRequest request;
  private HttpClientResponse response;
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
    request = null;
    sender
        .book()
        .find(post.target())
        .compose(this::connect)
        .compose(this::write)
        .compose(this::read)
        .onComplete(this);
  }

  private Future<HttpClientRequest> connect(Addresses found) {
    if (over) {
      return tooLate();
    }
    phase = SendPhase.CONNECT;
    addresses = found;
    address = found.current();
    Target target = post.target();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(address.socket())
            .setHost(target.host())
            .setPort(target.port())
            .setSsl(target.secure())
            .setURI(target.requestUri());
    return sender.client().request(options);
  }

  private Future<HttpClientResponse> write(HttpClientRequest connected) {
    request = connected.exceptionHandler(Exchange::toldElsewhere);
    if (over) {
      connected.reset();
      return tooLate();
    }
    MultiMap headers = connected.headers();
    headers.set(HttpHeaders.HOST, post.target().authority());
    headers.set(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
    for (Header header : post.headers()) {
      headers.add(header.name(), header.value());
    }
    phase = SendPhase.ANSWER;
    connected.end(BufferInternal.buffer(Unpooled.wrappedBuffer(post.body().bytes())));
    return connected.response();
  }

  private Future<String> read(HttpClientResponse begun) {
    if (over) {
      return tooLate();
    }
    phase = SendPhase.BODY;
    response = begun;
    if (begun.statusCode() < 200) {
      begun.exceptionHandler(Exchange::toldElsewhere);
      return Future.failedFuture(
          new SendFault(Reason.INVALID_RESPONSE, "status " + begun.statusCode() + " is no answer"));
    }
    return ResponseCap.excerptOf(begun, sender.settings());
  }

  @Override
  public void complete(String excerpt, Throwable failure) {
    if (over) {
      return;
    }
    if (failure == null) {
      end(answered(excerpt));
    } else if (mayRunAgain(failure)) {
      run();
    } else {
      reset();
      Diagnosis diagnosis = Diagnosis.of(failure, phase);
      end(unanswered(diagnosis.reason(), diagnosis.detail()));
    }
  }

  @Override
  void expire() {
    over = true;
    reset();
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
        phase == SendPhase.ANSWER
            && request.streamId() > 1
            && (failure instanceof HttpClosedException || failure instanceof IOException);
    boolean again = stale && !repeated;
    repeated |= stale;
    return again;
  }

  private void reset() {
    if (request != null) {
      request.reset();
    }
  }

  private void end(Reply outcome) {
    over = true;
    sender.forget(this);
    reply.complete(outcome);
  }

  private Reply answered(String excerpt) {
    return new Reply.Answered(
        response.statusCode(),
        excerpt,
        Optional.ofNullable(response.getHeader(HttpHeaders.RETRY_AFTER))
            .filter(value -> value.length() <= MAX_RETRY_AFTER),
        latencyMicros(),
        Optional.of(address.text()));
  }

  private Reply timedOut() {
    String detail = "no end after " + post.timeoutMillis() + " ms, while " + phase.words();
    return unanswered(Reason.TIMEOUT, detail);
  }

  private Reply stopped() {
    return unanswered(Reason.INTERNAL, "stopped while " + phase.words());
  }

  private Reply unanswered(Reason reason, String detail) {
    Optional<String> where = Optional.ofNullable(address).map(Addresses.Address::text);
    return new Reply.Unanswered(reason, detail, latencyMicros(), where);
  }

  /** Ends the composition; nobody reads it, since the reply is given. */
  private static <T> Future<T> tooLate() {
    return Future.failedFuture(new SendFault(Reason.INTERNAL, "over before"));
  }

  private long latencyMicros() {
    return (System.nanoTime() - startNanos) / 1_000;
  }

  /** The response future brings the same failure; without a handler Vert.x would log it. */
  private static void toldElsewhere(Throwable failure) {}
}
