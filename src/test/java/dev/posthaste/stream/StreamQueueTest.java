package dev.posthaste.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.Throttle;
import dev.posthaste.registry.KeyRing;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.StreamSettings;
import dev.posthaste.store.CommitHorizon;
import dev.posthaste.store.EventTail;
import dev.posthaste.store.Fence;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.StreamClient;
import dev.posthaste.support.StreamClient.Stream;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is on its way to the readers of one event loop has a bound. */
@ExtendWith(PostgresExtension.class)
class StreamQueueTest {
  private static final String KEY = "key";

  /** Of three small events, not of four. */
  private static final int MAX_QUEUED_BYTES = 2_000;

  private final IdGenerator ids = Samples.ids();
  private TestDatabase db;
  private Loop loop;
  private Streams streams;
  private HttpServer server;
  private StreamClient client;

  @BeforeEach
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    loop = new Loop(db.vertx());
    streams = new Streams(parts());
    server = loop.run(this::listen);
    client = new StreamClient(server.actualPort());
  }

  @AfterEach
  void close() {
    client.close();
    loop.run(server::close);
    db.close();
  }

  private Streams.Parts parts() {
    Registry registry = new Registry(Map.of());
    registry.put(Samples.tenant(1, "t1"));
    registry.put(
        new ApiKey(
            2,
            1,
            OptionalLong.of(1),
            "reader",
            EnumSet.of(ApiKey.Permission.DELIVERIES_READ),
            Optional.empty(),
            Optional.empty()),
        KeyRing.hash(KEY));
    Clock clock = Clock.systemUTC();
    Duration minute = Duration.ofMinutes(1);
    return new Streams.Parts(
        registry,
        new Doorkeeper(registry, clock),
        new Throttle(0),
        new CommitHorizon(db.database()),
        new EventTail(db.database(), 0, Samples.own(db, new Fence(0, 1))),
        new StreamSettings(10, 10, 1 << 20, MAX_QUEUED_BYTES, minute, minute, minute, 10),
        minute,
        clock);
  }

  private Future<HttpServer> listen() {
    Router router = Router.router(db.vertx());
    router.get(Streams.PATH).handler(streams.route(db.vertx()));
    return db.vertx()
        .createHttpServer(Streams.spokenBy(new HttpServerOptions()))
        .requestHandler(router)
        .listen(0, "127.0.0.1");
  }

  private List<Event> events(int count) {
    return java.util.stream.Stream.generate(() -> Samples.event(ids.next())).limit(count).toList();
  }

  /** In one turn of the loop, which therefore sends none of them before it has them all. */
  private void accept(List<List<Event>> batches) {
    loop.get(
        () -> {
          batches.forEach(batch -> streams.accepted(batch, event -> true));
          return batches.size();
        });
  }

  private static List<String> ids(Stream stream) {
    return stream.messages("event").stream()
        .map(message -> message.getJsonObject("event").getString("id"))
        .toList();
  }

  private static List<String> shown(List<Event> events) {
    return events.stream().map(event -> PublicId.EVENT.format(event.id())).toList();
  }

  @Test
  void whatIsTooMuchIsLeftOutAndSaidInItsPlace() {
    Stream stream = client.open(KEY, "");
    List<Event> first = events(2);
    List<Event> tooMuch = events(2);
    List<Event> alsoTooMuch = events(2);
    List<Event> last = events(1);
    accept(List.of(first, tooMuch, alsoTooMuch, last));
    stream.awaitEvents(3);
    assertThat(stream.texts().stream().map(text -> new JsonObject(text).getString("type")))
        .containsExactly("hello", "event", "event", "gap", "event");
    assertThat(ids(stream))
        .containsExactlyElementsOf(shown(List.of(first.get(0), first.get(1), last.getFirst())));
    Instant since = Instant.parse(stream.messages("gap").getFirst().getString("since"));
    assertThat(since.toEpochMilli()).isEqualTo(IdGenerator.millisOf(tooMuch.getFirst().id()));
  }

  @Test
  void itGoesOnWhenTheQueueIsEmptyAndABatchIsNeverTooLargeByItself() {
    Stream stream = client.open(KEY, "");
    accept(List.of(events(2), events(2)));
    stream.awaitEvents(2);
    List<Event> many = events(10);
    accept(List.of(many));
    stream.awaitEvents(12);
    assertThat(ids(stream)).endsWith(shown(many).toArray(String[]::new));
    assertThat(stream.messages("gap")).hasSize(1);
    assertThat(stream.socket().isClosed()).isFalse();
  }
}
