package dev.posthaste.settings;

import java.nio.file.Path;

/**
 * The data folder.
 *
 * @param dir holds the embedded PostgreSQL and generated secrets
 */
public record DataSettings(Path dir) {
  static DataSettings from(Section in) {
    return new DataSettings(in.one("dir", Forms.path()));
  }
}
