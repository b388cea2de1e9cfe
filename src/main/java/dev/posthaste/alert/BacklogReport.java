package dev.posthaste.alert;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.BacklogStore;
import dev.posthaste.store.BacklogStore.Late;
import dev.posthaste.store.HealthStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells operators, once each time, that the deliveries of an endpoint lag behind. Belongs to one
 * event loop.
 */
final class BacklogReport {
  private final BacklogStore backlogs;
  private final HealthStore store;
  private final Registry registry;
  private final AlertEvents events;
  private final Duration limit;
  private Set<Long> told = Set.of();

  BacklogReport(
      BacklogStore backlogs,
      HealthStore store,
      Registry registry,
      AlertEvents events,
      Duration limit) {
    this.backlogs = backlogs;
    this.store = store;
    this.registry = registry;
    this.events = events;
    this.limit = limit;
  }

  /** One look; nothing at all while nobody wants to know. */
  Future<Void> round() {
    return events.isWanted(AlertType.LANE_BACKLOG)
        ? backlogs.laterThan(limit).compose(this::tell)
        : Future.succeededFuture();
  }

  private Future<Void> tell(List<Late> late) {
    Set<Long> lagging = new HashSet<>();
    List<Event> news = new ArrayList<>();
    for (Late one : late) {
      Optional<Endpoint> endpoint =
          registry
              .endpoint(one.endpointId())
              .filter(known -> known.status() == Endpoint.Status.ACTIVE);
      if (endpoint.isPresent()) {
        lagging.add(one.endpointId());
        if (!told.contains(one.endpointId())) {
          news.addAll(events.forOperators(AlertType.LANE_BACKLOG, endpoint.get(), details(one)));
        }
      }
    }
    return store.append(news).onSuccess(v -> told = lagging);
  }

  private JsonObject details(Late late) {
    return new JsonObject()
        .put("oldestDueAt", AlertEvents.time(late.dueAt()))
        .put("ageSec", Duration.between(late.dueAt(), late.lookedAt()).toSeconds())
        .put("limitSec", limit.toSeconds());
  }
}
