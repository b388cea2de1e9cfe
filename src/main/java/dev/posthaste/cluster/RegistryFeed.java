package dev.posthaste.cluster;

import dev.posthaste.event.CatalogOverlay;
import dev.posthaste.event.Endpoint;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.RegistryChannel;
import dev.posthaste.store.RegistryStore;
import dev.posthaste.store.RegistryStore.Change;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the registry fresh: reads what changed when a change is announced, when somebody here has
 * changed something, and from time to time in case an announcement was lost. One per node.
 */
public final class RegistryFeed extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryFeed.class);

  private final RegistryStore store;
  private final RegistryChannel channel;
  private final Registry registry;
  private final Duration pollInterval;

  private long horizon;
  private volatile long readAtNanos = System.nanoTime();
  private Context own;
  private Future<Void> reading = Future.succeededFuture();
  private Optional<Promise<Void>> next = Optional.empty();

  public RegistryFeed(
      RegistryStore store, RegistryChannel channel, Registry registry, Duration pollInterval) {
    this.store = store;
    this.channel = channel;
    this.registry = registry;
    this.pollInterval = pollInterval;
  }

  /** Listens, and completes when everything that was committed until then is in the registry. */
  @Override
  public Future<?> start() {
    own = context;
    return read()
        .compose(v -> channel.open(() -> refresh().onFailure(this::failed)))
        // What was committed since the first look was announced to nobody.
        .compose(v -> refreshOnOwnLoop())
        .map(this::poll);
  }

  /**
   * Everything that was committed before this call is in the registry when the future succeeds.
   * From any thread, and answered on the caller's context if it has one; calls that come together
   * are answered by one look.
   */
  public Future<Void> refresh() {
    Context caller = Vertx.currentContext();
    Promise<Void> answer = Promise.promise();
    own.runOnContext(v -> refreshOnOwnLoop().onComplete(answer));
    return caller == null ? answer.future() : Answers.on(caller, answer.future());
  }

  /** How long ago the registry was brought up to date. From any thread. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - readAtNanos);
  }

  /** A look that is under way may have begun before the caller's commit, so another one follows. */
  private Future<Void> refreshOnOwnLoop() {
    if (reading.isComplete()) {
      reading = read();
      return reading;
    }
    if (next.isEmpty()) {
      Promise<Void> promise = Promise.promise();
      next = Optional.of(promise);
      reading.onComplete(
          done -> {
            next = Optional.empty();
            reading = read();
            reading.onComplete(promise);
          });
    }
    return next.get().future();
  }

  private Future<Void> read() {
    return store.changes(horizon).map(this::apply);
  }

  private Void apply(RegistryStore.Changes changes) {
    horizon = changes.horizon();
    readAtNanos = System.nanoTime();
    changes.catalogs().forEach(this::applyCatalog);
    // Before their endpoints: those find their tenant. Who goes, goes after its endpoints.
    applySecrets(changes);
    changes.tenants().stream().filter(change -> !change.gone()).forEach(this::applyTenant);
    changes
        .keys()
        .forEach(
            change -> {
              byte[] hash = change.row().hash().getBytes();
              if (change.gone()) {
                registry.keys().remove(hash);
              } else {
                registry.put(change.row().key(), hash);
              }
            });
    registry.put(endpoints(changes, false));
    registry.remove(endpoints(changes, true));
    changes.tenants().stream().filter(Change::gone).forEach(this::applyTenant);
    return null;
  }

  private void applyCatalog(Change<CatalogOverlay> change) {
    if (change.gone()) {
      registry.removeOverlay(change.row().catalog());
    } else {
      registry.put(change.row());
    }
  }

  private void applyTenant(Change<dev.posthaste.event.Tenant> change) {
    if (change.gone()) {
      registry.remove(change.row());
    } else {
      registry.put(change.row());
    }
  }

  /** Of every tenant that changed, also if it has none. */
  private void applySecrets(RegistryStore.Changes changes) {
    changes.tenants().stream()
        .filter(change -> !change.gone())
        .map(change -> change.row().id())
        .forEach(
            id ->
                registry.putDirectSecrets(id, changes.directSecrets().getOrDefault(id, List.of())));
  }

  private static List<Endpoint> endpoints(RegistryStore.Changes changes, boolean gone) {
    return changes.endpoints().stream()
        .filter(change -> change.gone() == gone)
        .map(Change::row)
        .toList();
  }

  private Void poll(Object ignored) {
    vertx.setTimer(
        pollInterval.toMillis(),
        timer -> {
          channel.probe();
          refreshOnOwnLoop().onFailure(this::failed).onComplete(done -> poll(done));
        });
    return null;
  }

  private void failed(Throwable cause) {
    LOG.atWarn()
        .addKeyValue("cause", cause.getMessage())
        .log("Changes of endpoints and keys cannot be read; going on with what is known");
  }

  @Override
  public Future<?> stop() {
    return channel.close();
  }
}
