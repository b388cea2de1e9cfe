package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.torture.check.Arrival;
import dev.posthaste.loadtest.torture.check.History;
import dev.posthaste.loadtest.torture.check.History.Inflow;
import dev.posthaste.loadtest.torture.check.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes down what is needed to understand violations, beside the logs of the nodes. */
final class Evidence {
  private static final int DETAILED = 40;

  private final Path folder;
  private final History history;
  private final ApiDeliveries deliveries;

  Evidence(Path folder, History history, ApiDeliveries deliveries) {
    this.folder = folder;
    this.history = history;
    this.deliveries = deliveries;
  }

  void write(List<Violation> violations) throws IOException {
    StringBuilder out = new StringBuilder();
    violations.forEach(violation -> out.append(line(violation)));
    violations.stream()
        .filter(violation -> !violation.eventId().isEmpty())
        .limit(DETAILED)
        .forEach(violation -> out.append(detail(violation)));
    Files.writeString(folder.resolve("violations.txt"), out);
  }

  private static String line(Violation violation) {
    return "%s | %s | %s | %s%n"
        .formatted(violation.rule(), violation.endpoint(), violation.eventId(), violation.detail());
  }

  private String detail(Violation violation) {
    StringBuilder out = new StringBuilder("\n").append(line(violation));
    for (Inflow inflow : history.inflows()) {
      if (inflow.subscription().name().equals(violation.endpoint())) {
        arrivals(violation.eventId(), inflow)
            .forEach(
                arrival ->
                    out.append(
                        "  arrived %.3f s: %s%n"
                            .formatted(arrival.atMicros() / 1e6, arrival.answer())));
        out.append(record(violation.eventId(), inflow.subscription().endpointId()));
      }
    }
    return out.append('\n').toString();
  }

  private List<Arrival> arrivals(String eventId, Inflow inflow) {
    return history.accepted().values().stream()
        .filter(event -> event.eventId().equals(eventId))
        .flatMap(event -> inflow.of(event.number()).stream())
        .toList();
  }

  private String record(String eventId, String endpointId) {
    Optional<String> json =
        deliveries.json(eventId, endpointId).map(found -> found.encodePrettily());
    return json.orElse("  the server knows of no such delivery");
  }
}
