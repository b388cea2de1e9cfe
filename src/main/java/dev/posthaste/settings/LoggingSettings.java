package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.choice;

/** What is logged and how. */
public record LoggingSettings(Level level, Format format) {
  /** The least severe lines that are written. */
  public enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** For people, or one JSON object per line. */
  public enum Format {
    TEXT,
    JSON
  }

  static LoggingSettings from(Section in) {
    return new LoggingSettings(
        in.one("level", choice(Level.class)), in.one("format", choice(Format.class)));
  }
}
