package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.server.ChildProcess;
import dev.posthaste.loadtest.server.Identity;
import dev.posthaste.loadtest.server.ServerProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A receiver, and a server for each build and each of some needs. All of them are there at once, so
 * that runs on them can take turns: a server to which nothing is sent costs next to nothing.
 */
final class Beds implements AutoCloseable {
  /** Loopback addresses that the receiver can show a certificate for. */
  private static final int SECURED = 10;

  private static final int DOORS = 3;

  private final RunOptions options;
  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Identity identity;
  private final ChildProcess receiver;
  private final ReceiverClient arrivals;
  private final Map<Place, Bed> beds = new LinkedHashMap<>();

  private record Place(Build build, Needs needs) {}

  private Beds(RunOptions options, Path folder) throws IOException {
    this.options = options;
    this.folder = folder;
    this.identity = Identity.make(folder, SECURED);
    int port = ServerProcess.freePorts(DOORS);
    this.arrivals = new ReceiverClient(port, http);
    this.receiver =
        ChildProcess.start(List.of("receiver", "--port=" + port, "--identity=" + identity.keys()));
  }

  /** Starts all of it and waits until it is ready. */
  static Beds open(RunOptions options, Path folder, List<Build> builds, Collection<Needs> needs)
      throws IOException, InterruptedException, SQLException {
    Beds beds = new Beds(options, folder);
    try {
      beds.receiver.await("receiving");
      for (Needs one : needs) {
        for (Build build : builds) {
          beds.add(build, one);
        }
      }
      return beds;
    } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
      beds.close();
      throw e;
    }
  }

  private void add(Build build, Needs needs)
      throws IOException, InterruptedException, SQLException {
    Path own = folder.resolve(needs.name() + "-" + beds.size());
    ServerProcess.Plan plan =
        new ServerProcess.Plan(
            build.program(), build.jar(), own, needs.options(build.options()), environment(needs));
    boolean apart = build.isBare() || needs.base() == Needs.Base.APART;
    Cluster cluster = apart ? Cluster.apart(plan) : new Cluster(plan);
    Api api = new Api(cluster.first().port(), ServerProcess.KEY);
    beds.put(
        new Place(build, needs),
        new Bed(cluster, receiver, arrivals, api, options.timing(), options.wishes()));
    WalFiles.make(cluster.postgres().connection());
    if (needs.base() == Needs.Base.FILLED) {
      new History(cluster.postgres().connection()).write(options.wishes().history());
    }
  }

  private Map<String, String> environment(Needs needs) {
    Map<String, String> environment = new HashMap<>();
    environment.put("POSTHASTE_LOGGING_LEVEL", "warn");
    environment.put("POSTHASTE_TARGETS_CA_FILES", identity.authority().toString());
    // Nodes that share a database share its key.
    environment.put(
        "POSTHASTE_ENCRYPTION_KEYS", "bench:" + Base64.getEncoder().encodeToString(new byte[32]));
    environment.putAll(needs.environment());
    environment.putAll(options.environment());
    return environment;
  }

  Bed bed(Build build, Needs needs) {
    return beds.get(new Place(build, needs));
  }

  Collection<Bed> all() {
    return beds.values();
  }

  @Override
  public void close() throws IOException {
    for (Bed bed : beds.values()) {
      bed.api().close();
      bed.cluster().close();
    }
    receiver.close();
    http.close();
  }
}
