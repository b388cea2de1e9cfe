package dev.posthaste.api;

import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.AnswerStore;
import dev.posthaste.store.AnswerStore.Kept;
import dev.posthaste.store.NameHeldException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * A request that its client has named by an idempotency key.
 *
 * @param fingerprint of what was asked for
 */
record NamedRequest(AnswerStore.Name name, Buffer fingerprint) {
  private static final int HELD_RETRY_SECONDS = 1;

  /** Of a request whose body was read; empty if it has no name. */
  static Optional<NamedRequest> of(ApiCall call) {
    return call.origin()
        .idempotencyKey()
        .map(
            name ->
                new NamedRequest(
                    new AnswerStore.Name(call.key().id(), name),
                    call.origin().fingerprint(call.ofTenant())));
  }

  /**
   * The answer of the first request, for a repeat of it.
   *
   * @throws ProblemException 422 if the first one asked for something else
   */
  ApiAnswer repeat(Kept kept) {
    if (!kept.answers(fingerprint)) {
      throw new ProblemException(
          Problem.invalid(
              List.of(
                  new Fault(
                      "/header/Idempotency-Key",
                      "was used for another request; choose a new one for each"))));
    }
    return new ApiAnswer(kept.status(), kept.body(), true);
  }

  Kept answered(ApiAnswer answer) {
    return new Kept(fingerprint, answer.status(), answer.body());
  }

  /** Says what it means that the name is held. */
  static <T> Future<T> inWords(Throwable failure) {
    return Future.failedFuture(
        failure instanceof NameHeldException
            ? new ProblemException(
                Problem.underWay(
                    "A request with this Idempotency-Key is under way. Send it again to hear its"
                        + " answer.",
                    HELD_RETRY_SECONDS))
            : failure);
  }
}
