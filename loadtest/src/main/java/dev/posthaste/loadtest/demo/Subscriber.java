package dev.posthaste.loadtest.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * An endpoint of the demo.
 *
 * @param vault if set, only events of that vault
 */
record Subscriber(
    Customer customer, String uid, List<String> filters, Optional<String> vault, Mood mood) {

  /** A dozen with different filters, some of which do what receivers do on a bad day. */
  static final List<Subscriber> ALL =
      List.of(
          of(Customer.CASEDEV, "everything", Mood.HEALTHY, "*"),
          of(Customer.CASEDEV, "vaults", Mood.HEALTHY, "vault.*"),
          new Subscriber(
              Customer.CASEDEV,
              "one-vault",
              List.of("vault.*"),
              Optional.of(Day.VAULTS.getFirst()),
              Mood.HEALTHY),
          of(Customer.CASEDEV, "money", Mood.HEALTHY, "billing.*", "balance.changed"),
          of(Customer.CASEDEV, "agents", Mood.RECOVERING, "agent.*"),
          of(Customer.CASEDEV, "old-ocr", Mood.GONE, "ocr.*"),
          of(Customer.CASEDEV, "broken-compute", Mood.BROKEN, "compute.*"),
          of(Customer.CASEDEV, "hanging-matters", Mood.HANGING, "matter.created"),
          of(Customer.AGENTPOST, "mailroom", Mood.HEALTHY, "*"),
          of(Customer.AGENTPOST, "inbox", Mood.HEALTHY, "message.received", "message.sent"),
          of(
              Customer.AGENTPOST,
              "bounces",
              Mood.RECOVERING,
              "message.bounced",
              "message.complained"),
          of(Customer.OFFLOAD, "cases", Mood.HEALTHY, "*"),
          of(Customer.OFFLOAD, "failures", Mood.BROKEN, "case.failed"));

  private static Subscriber of(Customer customer, String uid, Mood mood, String... filters) {
    return new Subscriber(customer, uid, List.of(filters), Optional.empty(), mood);
  }

  /** Our own reading of filters and resource scopes, to audit the server's. */
  boolean wants(Post post) {
    return post.customer() == customer
        && filters.stream().anyMatch(filter -> matches(filter, post.type()))
        && (vault.isEmpty() || vault.get().equals(post.data().getString("vaultId")));
  }

  private static boolean matches(String filter, String type) {
    return filter.equals("*")
        || filter.equals(type)
        || (filter.endsWith(".*") && type.startsWith(filter.substring(0, filter.length() - 1)));
  }

  JsonObject asEndpoint(int port) {
    JsonObject endpoint =
        new JsonObject()
            .put("url", "http://127.0.0.1:" + port + "/" + uid)
            .put("uid", uid)
            .put("description", mood.words())
            .put("eventTypeFilters", new JsonArray(filters));
    vault.ifPresent(
        id ->
            endpoint.put(
                "resourceScopes", new JsonObject().put("vaultIds", new JsonArray().add(id))));
    return endpoint;
  }
}
