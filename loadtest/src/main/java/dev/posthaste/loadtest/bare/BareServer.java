package dev.posthaste.loadtest.bare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.posthaste.loadtest.wire.Head;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnectOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Answers 202 after the commit, and then sends. One for each event loop. */
final class BareServer extends VerticleBase {
  private static final String READY = "/health/ready";
  private static final String EVENTS = "/webhooks/v1/events";
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final Buffer TAKEN = Buffer.buffer("{}");
  private static final byte[] TYPE = "\"type\":\"".getBytes(US_ASCII);

  private final Place place;
  private final Addressees addressees;
  private final LongSupplier ids;
  private final Consumer<Throwable> trouble;
  private Store store;
  private Sender sender;

  /**
   * Is not started yet.
   *
   * @param addressees those of all event loops
   * @param ids of events, of all event loops
   * @param trouble is told what the benchmark would not see: nothing is tried again
   */
  BareServer(Place place, Addressees addressees, LongSupplier ids, Consumer<Throwable> trouble) {
    this.place = place;
    this.addressees = addressees;
    this.ids = ids;
    this.trouble = trouble;
  }

  /**
   * Where it is.
   *
   * @param limits of each event loop
   */
  record Place(int port, PgConnectOptions database, Sender.Limits limits) {}

  @Override
  public Future<?> start() {
    sender = new Sender(vertx, place.limits());
    return Store.open(vertx, place.database())
        .compose(
            opened -> {
              store = opened;
              return vertx
                  .createHttpServer()
                  .requestHandler(this::take)
                  .listen(place.port(), "127.0.0.1");
            });
  }

  private void take(HttpServerRequest request) {
    String path = request.path();
    if (path.equals(EVENTS)) {
      request
          .body()
          .compose(this::store)
          .onSuccess(event -> taken(request, event))
          .onFailure(e -> answer(request, 503, error(e)));
    } else if (path.startsWith(ENDPOINTS)) {
      request
          .body()
          .map(body -> manage(request, body))
          .onSuccess(done -> answer(request, 200, done))
          .onFailure(e -> answer(request, 400, error(e)));
    } else {
      answer(request, path.equals(READY) ? 200 : 404, TAKEN);
    }
  }

  /** The answer first: what is sent can wait for the next turn of the loop, publishers cannot. */
  private void taken(HttpServerRequest request, Store.Event event) {
    answer(request, 202, TAKEN);
    vertx.runOnContext(turn -> event.targets().forEach(target -> send(event, target)));
  }

  private Buffer manage(HttpServerRequest request, Buffer body) {
    if (request.method().equals(HttpMethod.DELETE)) {
      addressees.remove(Long.parseLong(request.path().substring(ENDPOINTS.length() + 1)));
      return TAKEN;
    }
    String id = String.valueOf(addressees.add(body.toJsonObject()));
    return new JsonObject().put("endpoint", new JsonObject().put("id", id)).toBuffer();
  }

  private static Buffer error(Throwable e) {
    return new JsonObject().put("error", e.toString()).toBuffer();
  }

  private static void answer(HttpServerRequest request, int status, Buffer body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body);
  }

  /** Completes after the commit. */
  private Future<Store.Event> store(Buffer body) {
    byte[] bytes = body.getBytes();
    int from = Head.indexOf(bytes, TYPE, 0, bytes.length) + TYPE.length;
    int to = Head.indexOf(bytes, (byte) '"', from, bytes.length);
    String type = new String(bytes, from, to - from, US_ASCII);
    Store.Event event =
        new Store.Event(
            ids.getAsLong(), type, System.currentTimeMillis(), body, addressees.of(type));
    return store.add(event).map(event);
  }

  private void send(Store.Event event, Addressees.Addressee target) {
    long began = System.nanoTime();
    sender
        .send(target, event.data())
        .compose(
            status ->
                store.add(
                    new Store.Attempt(
                        event.id(),
                        target.id(),
                        status,
                        (int) TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began),
                        System.currentTimeMillis())))
        .onFailure(trouble::accept);
  }
}
