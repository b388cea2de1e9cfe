package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.PublicId;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists read in pages of any size while more comes: what was there comes once, newest first. */
class PagingTest extends WithApiServer {
  private HttpCall acme;

  @BeforeAll
  void makeKeys() throws Exception {
    acme = server.as(server.key(server.acme, ENDPOINTS_READ, DELIVERIES_READ));
  }

  private String endpoint() throws Exception {
    long id = server.ids.next();
    server.sql(
        """
        INSERT INTO endpoint (id, tenant_id, url, event_type_filters)
        VALUES (%d, %d, 'https://example.com', '{*}')
        """
            .formatted(id, server.acme.id()));
    return PublicId.ENDPOINT.format(id);
  }

  /** An event with a delivery to each of three endpoints; some of them made. */
  private List<String> deliveries(Random random) throws Exception {
    long event = server.ids.next();
    List<String> made = new ArrayList<>();
    server.sql(
        """
        INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets)
        VALUES (%d, %d, 'vault.done', 0, '{}', '{7,8,9}')
        """
            .formatted(event, server.acme.id()));
    for (long endpoint = 9; endpoint >= 7; endpoint--) {
      if (random.nextBoolean()) {
        server.sql(
            "INSERT INTO attempt VALUES (%d, %d, 1, 1, 1, 200, NULL, 1, NULL, NULL, 0)"
                .formatted(event, endpoint));
      }
      made.add(new DeliveryId(event, endpoint).toString());
    }
    return made;
  }

  private String event() throws Exception {
    long id = server.ids.next();
    server.sql(
        """
        INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets)
        VALUES (%d, %d, 'vault.done', 0, '{}', '{}')
        """
            .formatted(id, server.acme.id()));
    return PublicId.EVENT.format(id);
  }

  /** Makes one more, and says what it made. */
  private interface Maker {
    List<String> make() throws Exception;
  }

  private void check(String path, String name, Random random, Maker maker) throws Exception {
    List<String> before = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      before.addAll(0, maker.make());
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      int limit = 1 + random.nextInt(7);
      JsonObject page = acme.get(path + "?limit=" + limit + cursor).ok(200).json();
      assertThat(page.getJsonArray(name)).hasSizeLessThanOrEqualTo(limit);
      page.getJsonArray(name).forEach(one -> seen.add(((JsonObject) one).getString("id")));
      cursor =
          page.getString("nextCursor") == null ? null : "&cursor=" + page.getString("nextCursor");
      for (int i = random.nextInt(3); i > 0; i--) {
        maker.make();
      }
    }
    assertThat(seen).doesNotHaveDuplicates();
    assertThat(seen.subList(0, before.size())).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void endpointsComeOnceHoweverManyAreMadeMeanwhile(long seed) throws Exception {
    server.sql("TRUNCATE endpoint CASCADE");
    check("/webhooks/v1/endpoints", "endpoints", new Random(seed), () -> List.of(endpoint()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void eventsComeOnceHoweverManyAreAcceptedMeanwhile(long seed) throws Exception {
    server.sql("TRUNCATE event, attempt");
    check("/webhooks/v1/events", "events", new Random(seed), () -> List.of(event()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void deliveriesComeOnceHoweverManyAreMadeMeanwhile(long seed) throws Exception {
    server.sql("TRUNCATE event, attempt");
    Random random = new Random(seed);
    check("/webhooks/v1/deliveries", "deliveries", random, () -> deliveries(random));
  }
}
