package dev.posthaste.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code posthaste replay DELIVERY…} */
@Command(name = "replay", description = "Make deliveries again.", mixinStandardHelpOptions = true)
public final class ReplayCommand implements Callable<Integer> {
  @Mixin private Connection connection;

  @Parameters(paramLabel = "DELIVERY", arity = "1..*", description = "Ids of deliveries, dlv_….")
  private List<String> ids;

  @Override
  public Integer call() {
    ApiClient client = connection.client();
    for (String id : ids) {
      String path = DeliveryCommands.DELIVERIES + "/" + ApiClient.encoded(id) + "/replay";
      connection.screen().fields(client.post(path, new JsonObject()), "delivery");
    }
    return 0;
  }
}
