package dev.posthaste.loadtest.plan;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All that an injector must know. It holds keys: its file belongs into a folder that nobody else
 * reads.
 *
 * @param url of the server
 * @param batch events in one request
 * @param dataBytes size of each event's data
 * @param firstRun of the numbers that mark events; each leg takes two
 * @param stopMillis how far the server may fall behind before the run ends early; 0 for ever
 */
public record Plan(
    URI url,
    int batch,
    int dataBytes,
    int firstRun,
    int stopMillis,
    List<Leg> legs,
    List<Kind> kinds) {
  private static final String BETWEEN = "\t";

  /** Which number marks the events of a leg that go to healthy endpoints, or to the others. */
  public int run(int leg, boolean healthy) {
    return firstRun + 2 * leg + (healthy ? 0 : 1);
  }

  /** How many numbers it takes. */
  public int runs() {
    return 2 * legs.size();
  }

  /** Whether one batch can hold events of several kinds. */
  public boolean mixes() {
    return kinds.stream().map(Kind::key).distinct().count() == 1;
  }

  public void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(line("run", url, batch, dataBytes, firstRun, stopMillis));
    legs.forEach(
        leg ->
            lines.add(
                line("leg", leg.name(), leg.from(), leg.to(), leg.seconds(), leg.measured())));
    kinds.forEach(
        kind -> lines.add(line("kind", kind.type(), kind.key(), kind.weight(), kind.healthy())));
    Files.write(file, lines);
  }

  private static String line(Object... words) {
    return String.join(BETWEEN, List.of(words).stream().map(String::valueOf).toList());
  }

  /** Reads what {@link #write} wrote. */
  public static Plan read(Path file) throws IOException {
    List<String[]> lines =
        Files.readAllLines(file).stream().map(line -> line.split(BETWEEN, -1)).toList();
    String[] run = lines.getFirst();
    return new Plan(
        URI.create(run[1]),
        Integer.parseInt(run[2]),
        Integer.parseInt(run[3]),
        Integer.parseInt(run[4]),
        Integer.parseInt(run[5]),
        lines.stream().filter(line -> line[0].equals("leg")).map(Plan::leg).toList(),
        lines.stream().filter(line -> line[0].equals("kind")).map(Plan::kind).toList());
  }

  private static Leg leg(String[] words) {
    return new Leg(
        words[1],
        Double.parseDouble(words[2]),
        Double.parseDouble(words[3]),
        Integer.parseInt(words[4]),
        Boolean.parseBoolean(words[5]));
  }

  private static Kind kind(String[] words) {
    return new Kind(
        words[1], words[2], Double.parseDouble(words[3]), Boolean.parseBoolean(words[4]));
  }
}
