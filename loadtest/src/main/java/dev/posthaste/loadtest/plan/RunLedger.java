package dev.posthaste.loadtest.plan;

import dev.posthaste.loadtest.wire.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When each event of one number of a run was due, sent and accepted, under which id, and what else
 * was answered. Thread-safe.
 */
public final class RunLedger {
  /** Status of what got no answer. */
  public static final int UNANSWERED = 0;

  /** {@code evt_} and 26 characters. */
  public static final int ID_LENGTH = 30;

  private final Timeline due;
  private final Timeline sent;
  private final Timeline accepted;
  private final Map<Integer, Integer> others = new TreeMap<>();
  private byte[] ids;
  private int next;

  public RunLedger() {
    this(new Timeline(), new Timeline(), new Timeline(), new byte[0]);
  }

  private RunLedger(Timeline due, Timeline sent, Timeline accepted, byte[] ids) {
    this.due = due;
    this.sent = sent;
    this.accepted = accepted;
    this.ids = ids;
  }

  /** Takes the next number. */
  public synchronized int send(long dueMicros, long sentMicros) {
    due.setFirst(next, dueMicros);
    sent.setFirst(next, sentMicros);
    return next++;
  }

  /** The server has it. */
  public synchronized void accept(int number, String id, long micros) {
    accepted.setFirst(number, micros);
    if (id.length() == ID_LENGTH) {
      int at = number * ID_LENGTH;
      if (at + ID_LENGTH > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(at + ID_LENGTH, ids.length * 2));
      }
      System.arraycopy(id.getBytes(StandardCharsets.US_ASCII), 0, ids, at, ID_LENGTH);
    }
  }

  /** An event that was answered otherwise, or not at all. */
  public synchronized void refuse(int status) {
    others.merge(status, 1, Integer::sum);
  }

  /** Due times in microseconds. */
  public Timeline due() {
    return due;
  }

  /** When each was sent: when its virtual user began. */
  public Timeline sent() {
    return sent;
  }

  /** When each was answered with yes. */
  public Timeline accepted() {
    return accepted;
  }

  /** Answers other than yes. */
  public Map<Integer, Integer> others() {
    return others;
  }

  /** The server's id of an accepted event, or nothing. */
  public String id(int number) {
    int at = number * ID_LENGTH;
    return at + ID_LENGTH > ids.length
        ? ""
        : new String(ids, at, ID_LENGTH, StandardCharsets.US_ASCII).strip();
  }

  /** Writes it into a folder of its own. */
  public synchronized void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("due.bin"), due.toBytes());
    Files.write(folder.resolve("sent.bin"), sent.toBytes());
    Files.write(folder.resolve("accepted.bin"), accepted.toBytes());
    Files.write(folder.resolve("ids.bin"), ids);
    List<String> lines = new ArrayList<>();
    others.forEach((status, count) -> lines.add(status + " " + count));
    Files.write(folder.resolve("others.txt"), lines);
  }

  /** Reads what {@link #write} wrote. */
  public static RunLedger read(Path folder) throws IOException {
    RunLedger ledger =
        new RunLedger(
            Timeline.of(Files.readAllBytes(folder.resolve("due.bin"))),
            Timeline.of(Files.readAllBytes(folder.resolve("sent.bin"))),
            Timeline.of(Files.readAllBytes(folder.resolve("accepted.bin"))),
            Files.readAllBytes(folder.resolve("ids.bin")));
    for (String line : Files.readAllLines(folder.resolve("others.txt"))) {
      String[] words = line.split(" ", -1);
      ledger.others.put(Integer.valueOf(words[0]), Integer.valueOf(words[1]));
    }
    return ledger;
  }
}
