package dev.posthaste.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Event type catalogs of the operator's own.
 *
 * @param dir a folder that exists; empty = only the catalogs inside the program
 */
public record CatalogSettings(Optional<Path> dir) {
  static CatalogSettings from(Section in) {
    return new CatalogSettings(in.optional("dir", Forms.folder()));
  }
}
