package dev.posthaste.api;

import dev.posthaste.store.AnswerStore;
import dev.posthaste.store.AuditLog;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Commits a change, its record in the audit log and the answer that a repeat will get as one: after
 * a crash at any point there is all of it or nothing, so a client may repeat under the same
 * idempotency key until it hears an answer.
 */
final class OneCommit implements Action {
  private final Change change;
  private final ApiParts parts;
  private final ApiParts.Changing changing;
  private final Refresh refresh;

  OneCommit(Change change, ApiParts parts) {
    this.change = change;
    this.parts = parts;
    this.changing = parts.changing();
    this.refresh = new Refresh(parts.refreshRegistry());
  }

  @Override
  public Future<ApiAnswer> answer(ApiCall call) {
    Optional<NamedRequest> request = NamedRequest.of(call);
    return changing
        .units()
        .run(unit -> request.isEmpty() ? make(call, unit) : once(call, unit, request.get()))
        .recover(NamedRequest::inWords)
        .compose(done -> done.unseen() ? refresh.then(done.answer()) : seen(done));
  }

  private static Future<ApiAnswer> seen(Done done) {
    return Future.succeededFuture(done.answer());
  }

  private Future<Done> once(ApiCall call, Unit unit, NamedRequest request) {
    AnswerStore answers = changing.answers();
    return answers
        .hold(unit, request.name())
        .compose(
            kept ->
                kept.isPresent()
                    ? Future.succeededFuture(new Done(request.repeat(kept.get()), false))
                    : make(call, unit)
                        .compose(
                            done ->
                                answers
                                    .keep(unit, request.name(), request.answered(done.answer()))
                                    .map(done)));
  }

  private Future<Done> make(ApiCall call, Unit unit) {
    return change
        .make(call, unit)
        .compose(
            made ->
                record(call, unit, made.note()).map(new Done(made.answer(), made.inRegistry())));
  }

  private Future<Void> record(ApiCall call, Unit unit, Optional<Made.Note> note) {
    return note.map(what -> changing.audit().write(unit, entry(call, what)))
        .orElseGet(Future::succeededFuture);
  }

  private AuditLog.Entry entry(ApiCall call, Made.Note note) {
    return new AuditLog.Entry(
        parts.ids().next(),
        new AuditLog.Actor(
            call.key().accountId(),
            call.key().id(),
            call.key().name(),
            call.origin().requestId(),
            call.origin().address()),
        call.ofTenant().map(tenant -> tenant.id()).or(note::tenantId),
        note.action(),
        note.subject(),
        note.detail());
  }

  /** What was done, and whether this node has still to see it. */
  private record Done(ApiAnswer answer, boolean unseen) {}
}
