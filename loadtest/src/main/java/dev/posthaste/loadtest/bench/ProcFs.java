package dev.posthaste.loadtest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Linux says of processes. */
final class ProcFs {
  /** USER_HZ, which is 100 on every Linux that Java runs on. */
  private static final long MICROS_PER_TICK = 10_000;

  private static final Path PROC = Path.of("/proc");

  /** Fields of /proc/PID/stat counted from the state, which follows the parenthesised name. */
  private static final int PARENT = 1;

  private static final int USER = 11;
  private static final int CHILDREN = 13;

  private ProcFs() {}

  static boolean isHere() {
    return Files.isReadable(PROC.resolve("self/stat"));
  }

  /** User and system time of a process so far. */
  static long cpuMicros(long pid) throws IOException {
    return ticks(stat(pid), USER) * MICROS_PER_TICK;
  }

  /** The same of a process and its children, those included that have ended. */
  static long familyCpuMicros(long pid) throws IOException {
    List<String> parent = stat(pid);
    long ticks = ticks(parent, USER) + ticks(parent, CHILDREN);
    try (Stream<Path> all = Files.list(PROC)) {
      return MICROS_PER_TICK
          * (ticks
              + all.map(path -> path.getFileName().toString())
                  .filter(name -> Character.isDigit(name.charAt(0)))
                  .mapToLong(name -> childTicks(Long.parseLong(name), pid))
                  .sum());
    }
  }

  private static long childTicks(long pid, long parent) {
    try {
      List<String> stat = stat(pid);
      return Long.parseLong(stat.get(PARENT)) == parent ? ticks(stat, USER) : 0;
    } catch (IOException e) {
      // Ended between the listing and now: its parent has its time.
      return 0;
    }
  }

  private static long ticks(List<String> stat, int first) {
    return Long.parseLong(stat.get(first)) + Long.parseLong(stat.get(first + 1));
  }

  private static List<String> stat(long pid) throws IOException {
    return fields(Files.readString(PROC.resolve(pid + "/stat")));
  }

  /** The name may hold spaces and parentheses. */
  static List<String> fields(String stat) {
    return List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" "));
  }

  /** Idle time of all cores so far. */
  static long idleMicros() throws IOException {
    try (Stream<String> lines = Files.lines(PROC.resolve("stat"))) {
      String[] cpu = lines.findFirst().orElseThrow().split(" +", -1);
      return (Long.parseLong(cpu[4]) + Long.parseLong(cpu[5])) * MICROS_PER_TICK;
    }
  }

  /** How many files and sockets the process may have open. */
  static long openFilesLimit(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(PROC.resolve(pid + "/limits"))) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.substring("Max open files".length()).strip().split(" +", -1)[0])
          .mapToLong(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft))
          .findFirst()
          .orElse(Long.MAX_VALUE);
    }
  }

  /** Resident memory now; 0 of a process that has ended. */
  static double residentMebibytes(long pid) {
    try (Stream<String> lines = Files.lines(PROC.resolve(pid + "/status"))) {
      String kilobytes =
          lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElse("VmRSS: 0 kB");
      return Long.parseLong(kilobytes.replaceAll("\\D", "")) / 1024.0;
    } catch (IOException e) {
      return 0;
    }
  }
}
