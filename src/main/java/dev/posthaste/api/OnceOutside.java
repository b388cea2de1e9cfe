package dev.posthaste.api;

import dev.posthaste.store.AnswerStore;
import dev.posthaste.store.Unit;
import dev.posthaste.store.Units;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does an errand once for each idempotency key, without a transaction open meanwhile: the key is
 * reserved, the errand done, its answer kept. After a crash in between, the key is free as soon as
 * the errand is surely over; a repeat then does it again, as nobody knows how it ended.
 */
final class OnceOutside implements Action {
  private static final Logger LOG = LoggerFactory.getLogger(OnceOutside.class);

  private final Errand errand;
  private final Units units;
  private final AnswerStore answers;

  OnceOutside(Errand errand, ApiParts.Changing changing) {
    this.errand = errand;
    this.units = changing.units();
    this.answers = changing.answers();
  }

  @Override
  public Future<ApiAnswer> answer(ApiCall call) {
    Optional<NamedRequest> request = NamedRequest.of(call);
    if (request.isEmpty()) {
      return units.run(unit -> errand.prepare(call, unit)).compose(ready -> ready.go().get());
    }
    NamedRequest named = request.get();
    return units
        .run(unit -> begin(call, unit, named))
        .recover(NamedRequest::inWords)
        .compose(
            step ->
                step.before
                    .map(Future::succeededFuture)
                    .orElseGet(() -> go(step.ready.orElseThrow(), named)));
  }

  private Future<Step> begin(ApiCall call, Unit unit, NamedRequest request) {
    return answers
        .hold(unit, request.name())
        .compose(
            kept ->
                kept.isPresent()
                    ? Future.succeededFuture(Step.repeated(request.repeat(kept.get())))
                    : errand
                        .prepare(call, unit)
                        .compose(
                            ready ->
                                answers
                                    .reserve(unit, request.name(), ready.longest())
                                    .map(Step.next(ready))));
  }

  private Future<ApiAnswer> go(Errand.Ready ready, NamedRequest request) {
    return Future.<Void>succeededFuture()
        .compose(v -> ready.go().get())
        .compose(
            answer ->
                settle(unit -> answers.keep(unit, request.name(), request.answered(answer)))
                    .map(answer),
            failure ->
                settle(unit -> answers.release(unit, request.name()))
                    .compose(v -> Future.failedFuture(failure)));
  }

  /** What happened has happened, whether or not it can be remembered. */
  private Future<Void> settle(Function<Unit, Future<Void>> note) {
    return units
        .run(note)
        .recover(
            failure -> {
              LOG.atWarn()
                  .addKeyValue("cause", failure.toString())
                  .log("The answer to a request is not kept; a repeat of it will be done again");
              return Future.succeededFuture();
            });
  }

  /** An answer that was given before, or what is to be done. */
  private record Step(Optional<ApiAnswer> before, Optional<Errand.Ready> ready) {
    static Step repeated(ApiAnswer answer) {
      return new Step(Optional.of(answer), Optional.empty());
    }

    static Step next(Errand.Ready ready) {
      return new Step(Optional.empty(), Optional.of(ready));
    }
  }
}
