package dev.posthaste.loadtest.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.jar.JarFile;

/** What happens: every type of the three catalogs, each with its example, round after round. */
final class Day {
  /** Events of vaults take turns through these. */
  static final List<String> VAULTS = List.of("vlt_8Qm2Zr41", "vlt_3Tn7Wx92", "vlt_6Bk1Yc05");

  /** The server sends it by itself, and it is tested that it does. */
  static final String ANNOUNCEMENT = "webhook.endpoint.auto_disabled";

  private final List<Entry> entries = new ArrayList<>();
  private final Random random = new Random(7);

  /** Reads the catalogs that ship in the server's jar. */
  Day(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (Customer customer : Customer.values()) {
        String name = "conf/catalogs/" + customer.code() + ".json";
        byte[] text = file.getInputStream(file.getEntry(name)).readAllBytes();
        JsonArray types =
            new JsonObject(new String(text, StandardCharsets.UTF_8)).getJsonArray("eventTypes");
        for (int i = 0; i < types.size(); i++) {
          JsonObject type = types.getJsonObject(i);
          entries.add(new Entry(customer, type.getString("type"), type.getJsonObject("example")));
        }
      }
    }
  }

  private record Entry(Customer customer, String type, JsonObject example) {}

  int types() {
    return entries.size();
  }

  /** One event of each type, in no order. */
  List<Post> round(int number) {
    List<Post> posts = new ArrayList<>();
    Post.Update update =
        new Post.Update(UUID.randomUUID().toString(), Instant.now().truncatedTo(ChronoUnit.MILLIS));
    for (Entry entry : entries) {
      posts.add(post(entry, number, update));
    }
    Collections.shuffle(posts, random);
    return posts;
  }

  private static Post post(Entry entry, int round, Post.Update update) {
    JsonObject data = entry.example().copy();
    if (data.containsKey("vaultId")) {
      data.put("vaultId", VAULTS.get(round % VAULTS.size()));
    }
    if (entry.customer() != Customer.OFFLOAD) {
      Optional<String> id = Optional.of("demo-" + round + "-" + entry.type());
      return new Post(entry.customer(), entry.type(), data, id, Optional.empty());
    }
    data.put("caseId", update.id());
    return new Post(entry.customer(), entry.type(), data, Optional.empty(), Optional.of(update));
  }
}
