package dev.posthaste.settings;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Settings as text, named as in the file. Secrets mask themselves. */
final class Description {
  private static final String BYTES = "Bytes";

  private Description() {}

  static String of(Settings settings) {
    return components(settings)
        .map(section -> section.getName() + ": " + section((Record) value(settings, section)))
        .collect(Collectors.joining("\n"));
  }

  /** The key of a record component: sizes carry their unit in Java only. */
  static String key(RecordComponent component) {
    String name = component.getName();
    return isBytes(component) ? name.substring(0, name.length() - BYTES.length()) : name;
  }

  private static String section(Record section) {
    return components(section)
        .map(part -> key(part) + "=" + text(value(section, part), isBytes(part)))
        .collect(Collectors.joining(" "));
  }

  private static String text(Object value, boolean isBytes) {
    return switch (value) {
      case Optional<?> optional -> optional.map(it -> text(it, isBytes)).orElse("(none)");
      case List<?> list ->
          list.stream().map(it -> text(it, isBytes)).collect(Collectors.joining(",", "[", "]"));
      case Duration duration -> Units.text(duration);
      case Enum<?> constant -> Forms.lower(constant);
      case Number number when isBytes -> Units.text(number.longValue());
      default -> value.toString();
    };
  }

  private static boolean isBytes(RecordComponent component) {
    return component.getName().endsWith(BYTES);
  }

  private static Stream<RecordComponent> components(Record holder) {
    return Stream.of(holder.getClass().getRecordComponents());
  }

  private static Object value(Record holder, RecordComponent component) {
    try {
      return component.getAccessor().invoke(holder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
