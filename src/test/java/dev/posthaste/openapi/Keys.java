package dev.posthaste.openapi;

import dev.posthaste.RunningServer;
import dev.posthaste.event.ApiKey;
import dev.posthaste.event.PublicId;
import dev.posthaste.http.KeyText;
import dev.posthaste.registry.KeyRing;
import dev.posthaste.store.AccountStore;
import dev.posthaste.support.Await;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** One key of every kind. */
final class Keys {
  private static final String[] ALL =
      Arrays.stream(ApiKey.Permission.values()).map(ApiKey.Permission::code).toArray(String[]::new);

  private Keys() {}

  /**
   * Who asks.
   *
   * @param kind in words
   * @param text of the key; none if null
   * @param good whether it is a key at all, as far as the server should say
   * @param tenant whose key it is; for an operator, for whom it acts
   */
  record Caller(
      String kind,
      String text,
      boolean good,
      boolean operator,
      String tenant,
      Set<String> permissions) {
    private static Caller bad(String kind, String text) {
      return new Caller(kind, text, false, false, Stage.ACME, Set.of());
    }

    private static Caller of(String kind, String text, String tenant, String... permissions) {
      return new Caller(kind, text, true, false, tenant, Set.of(permissions));
    }

    boolean may(String rule) {
      return operator || permissions.contains(rule);
    }

    @Override
    public String toString() {
      return kind;
    }
  }

  static List<Caller> ofEveryKind(Stage stage, TestDatabase db) {
    List<Caller> callers = new ArrayList<>();
    callers.add(Caller.bad("no key", null));
    callers.add(Caller.bad("a malformed key", "phk_short"));
    callers.add(Caller.bad("an unknown key", KeyText.generate(new SecureRandom())));
    callers.add(Caller.bad("an expired key", stored(stage, db, Optional.of(Instant.EPOCH), ALL)));
    callers.add(Caller.bad("a revoked key", revoked(stage)));
    callers.add(new Caller("an operator key", RunningServer.KEY, true, true, Stage.ACME, Set.of()));
    for (String permission : ALL) {
      callers.add(
          Caller.of(
              "a key with " + permission,
              stage.key(Stage.ACME, permission),
              Stage.ACME,
              permission));
    }
    callers.add(
        Caller.of("a key without permissions", stored(stage, db, Optional.empty()), Stage.ACME));
    callers.add(
        Caller.of("a key with all permissions", stage.key(Stage.ACME, ALL), Stage.ACME, ALL));
    callers.add(
        Caller.of("a key of another tenant", stage.key(Stage.OTHER, ALL), Stage.OTHER, ALL));
    return callers;
  }

  /** A key with every permission. */
  static String withAll(Stage stage, String tenant) {
    return stage.key(tenant, ALL);
  }

  /** As the API would not make it. */
  private static String stored(
      Stage stage, TestDatabase db, Optional<Instant> end, String... permissions) {
    JsonObject tenant =
        stage
            .operator(Stage.ACME, "GET", "/admin/v1/tenants/" + Stage.ACME, null)
            .getJsonObject("tenant");
    String text = KeyText.generate(new SecureRandom());
    ApiKey key =
        new ApiKey(
            Samples.ids().next(),
            Long.parseLong(db.column("SELECT account_id FROM tenant LIMIT 1").getFirst()),
            OptionalLong.of(PublicId.TENANT.parse(tenant.getString("id")).orElseThrow()),
            "stored",
            Arrays.stream(permissions)
                .map(code -> ApiKey.Permission.of(code).orElseThrow())
                .collect(java.util.stream.Collectors.toUnmodifiableSet()),
            Optional.empty(),
            end);
    Await.value(new AccountStore(db.database()).createKey(key, KeyRing.hash(text)));
    // Every change makes this node read what has changed.
    stage.key(Stage.ACME, ALL);
    return text;
  }

  private static String revoked(Stage stage) {
    JsonObject body =
        new JsonObject()
            .put("name", "revoked")
            .put("tenant", Stage.ACME)
            .put("permissions", new io.vertx.core.json.JsonArray(Arrays.asList(ALL)));
    JsonObject made = stage.operator(Stage.ACME, "POST", "/admin/v1/keys", body);
    stage.operator(
        Stage.ACME, "DELETE", "/admin/v1/keys/" + made.getJsonObject("key").getString("id"), null);
    return made.getString("secret");
  }
}
