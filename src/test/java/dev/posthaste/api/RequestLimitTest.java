package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class RequestLimitTest {
  @Test
  void aKeyThatAsksTooOftenIsToldWhenToComeAgainAndOthersAreNot(DatabaseUrl url) throws Exception {
    // One in an hour would be best; a second is the least that can be set.
    ApiServer server = new ApiServer(url, 1);
    try {
      HttpCall eager = server.as(server.key(server.acme, ENDPOINTS_READ));
      HttpCall.Answer first = eager.get("/webhooks/v1/endpoints").ok(200);
      assertThat(first.header("ratelimit-policy")).isEqualTo("\"key\";q=1;w=1");
      assertThat(first.header("ratelimit")).isEqualTo("\"key\";r=0;t=1");
      HttpCall.Answer over = first;
      for (int i = 0; i < 100 && over.status() == 200; i++) {
        over = eager.get("/webhooks/v1/endpoints");
      }
      over.problem(429);
      assertThat(over.header("retry-after")).isEqualTo("1");
      assertThat(over.header("ratelimit")).startsWith("\"key\";r=0;");
      server.as(server.key(server.acme, ENDPOINTS_READ)).get("/webhooks/v1/endpoints").ok(200);
    } finally {
      server.close();
    }
  }
}
