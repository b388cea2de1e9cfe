package dev.posthaste.telemetry;

import dev.posthaste.cluster.LeaseObserver;
import dev.posthaste.cluster.RegistryFeed;
import dev.posthaste.dispatch.ClaimObserver;
import dev.posthaste.dispatch.DispatchObserver;
import dev.posthaste.event.Tenant;
import dev.posthaste.ingest.IngestObserver;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.Settings;
import dev.posthaste.store.Backlog;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * All metrics of this process. Made before Vert.x, which reports to it too; hands out the observers
 * that the running parts tell, and the route that shows what they told. For any thread.
 */
public final class Telemetry implements AutoCloseable {
  private final Settings settings;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Meters meters = new Meters(registry);
  private final JvmMeters jvm = new JvmMeters(registry);
  private final LoadMeters loads = new LoadMeters(meters);
  private final OutcomeMeters outcomes = new OutcomeMeters(meters);
  private final LeaseMeters lease;
  private final ClaimObserver claims;
  private final IngestMeters ingest;
  private final AttemptMeters attempts;
  private volatile Optional<Registry> known = Optional.empty();

  /**
   * @param version of this program
   */
  public Telemetry(Settings settings, String version) {
    this.settings = settings;
    Optional<TenantMeters> tenants =
        settings.metrics().perTenant()
            ? Optional.of(new TenantMeters(meters, this::tenantName))
            : Optional.empty();
    this.ingest = new IngestMeters(meters, tenants);
    this.attempts = new AttemptMeters(meters, tenants);
    this.lease = new LeaseMeters(meters, settings.cluster().lease());
    this.claims = claimObserver();
    meters.gauge(
        "build.info",
        "Always 1; the labels say what runs.",
        () -> 1,
        "version",
        version,
        "java",
        Runtime.version().toString());
  }

  private ClaimObserver claimObserver() {
    Timer duration =
        meters.timer(
            "claim.duration", "Time of one look for due deliveries, start to end.", Meters.SECONDS);
    DistributionSummary rows =
        meters.sizes("claim.rows", "Deliveries that one look for due ones has taken.");
    return (claimed, nanos) -> {
      rows.record(claimed);
      duration.record(nanos, TimeUnit.NANOSECONDS);
    };
  }

  /** A Vert.x whose pools and event loops are measured. */
  public Vertx vertx(VertxOptions options) {
    return VertxMeters.measured(options, registry, settings.metrics().http()).build();
  }

  /** For the ways in of all event loops. */
  public IngestObserver ingest() {
    return ingest;
  }

  /**
   * For a dispatcher that starts.
   *
   * @param loops how many of them a node has
   */
  public DispatchObserver dispatch(int loops) {
    return loads.add(new DispatchMeters(attempts, outcomes), loops);
  }

  /** Told how many deliveries were given up that no dispatcher had. From any thread. */
  public IntConsumer discarded() {
    return outcomes.discarded()::increment;
  }

  public ClaimObserver claims() {
    return claims;
  }

  public LeaseObserver lease() {
    return lease;
  }

  private String tenantName(long id) {
    return known.flatMap(registry -> registry.tenant(id)).map(Tenant::uid).orElse("unknown");
  }

  /** Shows how large and how fresh the registry is. */
  public void watch(Registry picture, RegistryFeed feed) {
    known = Optional.of(picture);
    meters.gauge("registry.endpoints", "Endpoints that this node knows.", picture::endpointCount);
    meters.measure(
        "registry.age",
        "seconds",
        "Time since this node last read the changes of endpoints and keys.",
        () -> feed.age().toMillis() / 1_000.0);
  }

  /**
   * What looks at the table of deliveries that wait; to be deployed once.
   *
   * @param oldestHere when the oldest event was accepted that is only in this node's memory
   */
  public Deployable backlog(Backlog backlog, Supplier<Future<OptionalLong>> oldestHere) {
    return new BacklogMeters(
        meters, backlog, oldestHere, settings.metrics().backlogInterval().toMillis());
  }

  public MetricsRoute route() {
    return new MetricsRoute(registry);
  }

  @Override
  public void close() {
    jvm.close();
    registry.close();
  }
}
