package dev.posthaste.loadtest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/** Where the time of a recording went, and who allocated how much. */
final class Profile {
  private static final String OWN = "dev.posthaste.";
  private static final String NO_STACK = "(no stack)";
  private static final String NOT_OURS = "(none of our own)";

  private final Tops frames = new Tops();
  private final Tops ownFrames = new Tops();
  private final Tops sites = new Tops();
  private final Tops classes = new Tops();

  static Profile read(Path recording) throws IOException {
    Profile profile = new Profile();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        profile.add(file.readEvent());
      }
    }
    return profile;
  }

  private void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "jdk.ExecutionSample" -> {
        frames.add(frame(event, any -> true), 1);
        ownFrames.add(frame(event, name -> name.startsWith(OWN)), 1);
      }
      case "jdk.ObjectAllocationSample" -> allocated(event, event.getLong("weight"));
      case "jdk.ObjectAllocationInNewTLAB" -> allocated(event, event.getLong("tlabSize"));
      case "jdk.ObjectAllocationOutsideTLAB" -> allocated(event, event.getLong("allocationSize"));
      default -> {
        // Of no use here.
      }
    }
  }

  private void allocated(RecordedEvent event, long bytes) {
    RecordedClass type = event.getClass("objectClass");
    classes.add(type == null ? "(unknown)" : type.getName(), bytes);
    sites.add(frame(event, name -> name.startsWith(OWN)), bytes);
  }

  /** The innermost one that is wanted. */
  private static String frame(RecordedEvent event, Predicate<String> wanted) {
    List<RecordedFrame> frames =
        event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
    return frames.stream()
        .map(RecordedFrame::getMethod)
        .map(Profile::name)
        .filter(wanted)
        .findFirst()
        .orElse(frames.isEmpty() ? NO_STACK : NOT_OURS);
  }

  private static String name(RecordedMethod method) {
    return Optional.ofNullable(method.getType()).map(RecordedClass::getName).orElse("")
        + "."
        + method.getName();
  }

  /** The tables, each with so many lines. */
  String text(int lines) {
    return frames.text("CPU samples by frame", lines)
        + ownFrames.text("CPU samples by the innermost frame of our own", lines)
        + sites.text("Allocated bytes by the innermost frame of our own", lines)
        + classes.text("Allocated bytes by class", lines);
  }

  /** Weights by name. */
  static final class Tops {
    private final Map<String, Long> weights = new HashMap<>();
    private long sum;

    void add(String name, long weight) {
      weights.merge(name, weight, Long::sum);
      sum += weight;
    }

    /** The heaviest, in percent of all. */
    String text(String title, int lines) {
      StringBuilder out = new StringBuilder("\n" + title + "\n");
      weights.entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
          .limit(lines)
          .forEach(
              each ->
                  out.append(
                      "%6.1f %%  %s%n".formatted(100.0 * each.getValue() / sum, each.getKey())));
      return out.toString();
    }
  }
}
