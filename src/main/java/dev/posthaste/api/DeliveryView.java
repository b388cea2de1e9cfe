package dev.posthaste.api;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Reply;
import dev.posthaste.store.DeliveryRecord;
import dev.posthaste.store.DeliveryRecord.AttemptRecord;
import dev.posthaste.store.DeliveryRecord.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Deliveries and attempts as answers show them. */
final class DeliveryView {
  private static final double MICROS_PER_MILLI = 1_000;

  private DeliveryView() {}

  static JsonObject of(DeliveryRecord delivery) {
    Optional<AttemptRecord> last = delivery.last();
    return head(delivery)
        .put("status", lower(delivery.state()))
        .put("attemptCount", last.map(DeliveryView::made).orElse(0))
        .put("lastHttpStatus", last.flatMap(AttemptRecord::httpStatus).orElse(null))
        .put("lastError", last.flatMap(DeliveryView::error).orElse(null))
        .put("createdAt", Times.text(IdGenerator.millisOf(delivery.id().eventId())))
        .put("deliveredAt", deliveredAt(delivery))
        .put("nextAttemptAt", Times.textOrNull(delivery.nextAttemptAt()));
  }

  /** Says which one it is and where it goes: an endpoint, or what its event brought. */
  private static JsonObject head(DeliveryRecord delivery) {
    DeliveryId id = delivery.id();
    JsonObject head =
        new JsonObject()
            .put("id", id.toString())
            .put("eventId", PublicId.EVENT.format(id.eventId()))
            .put("eventType", delivery.eventType());
    return DirectTarget.is(id.endpointId())
        ? head.put("clientWebhookUrl", delivery.directUrl().orElse(null))
        : head.put("endpointId", PublicId.ENDPOINT.format(id.endpointId()));
  }

  static JsonObject of(DeliveryRecord delivery, List<AttemptRecord> attempts) {
    JsonArray list = new JsonArray();
    attempts.forEach(attempt -> list.add(of(attempt)));
    return of(delivery).put("attempts", list);
  }

  private static JsonObject of(AttemptRecord attempt) {
    // Addresses that were refused would map the operator's network.
    boolean refused = attempt.reason().filter(Reply.Reason.TARGET_NOT_ALLOWED::equals).isPresent();
    return new JsonObject()
        .put("number", attempt.number())
        .put("trigger", lower(attempt.trigger()))
        .put("status", lower(attempt.outcome()))
        .put("at", Times.text(attempt.at()))
        .put("httpStatus", attempt.httpStatus().orElse(null))
        .put("latencyMs", attempt.latencyMicros() / MICROS_PER_MILLI)
        .put("address", refused ? null : attempt.address().orElse(null))
        .put("error", error(attempt).orElse(null))
        .put("response", attempt.response().orElse(null));
  }

  /** The last row may only say that there will be no attempt. */
  private static int made(AttemptRecord last) {
    return last.outcome() == Attempt.Outcome.DISCARDED ? last.number() - 1 : last.number();
  }

  private static String deliveredAt(DeliveryRecord delivery) {
    return delivery
        .last()
        .filter(last -> delivery.state() == State.DELIVERED)
        .map(last -> Times.text(last.at().plus(last.latencyMicros(), ChronoUnit.MICROS)))
        .orElse(null);
  }

  private static Optional<String> error(AttemptRecord attempt) {
    return switch (attempt.outcome()) {
      case DELIVERED -> Optional.empty();
      case DISCARDED -> Optional.of("discarded");
      case RETRYING, FAILED ->
          Optional.of(attempt.reason().map(Reply.Reason::code).orElse("http_error"));
    };
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
