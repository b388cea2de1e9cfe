package dev.posthaste.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Event type catalogs of the operator's own.
 *
 * @param dir a folder that exists; empty = only the catalogs inside the program
 * @param maxImportBytes of the body that imports a catalog
 * @param maxTypes in a catalog that was imported or changed
 */
public record CatalogSettings(Optional<Path> dir, int maxImportBytes, int maxTypes) {
  static CatalogSettings from(Section in) {
    return new CatalogSettings(
        in.optional("dir", Forms.folder()),
        in.one("maxImport", Forms.bytes("64KiB", "64MiB")),
        in.one("maxTypes", Forms.number(1, 100_000)));
  }
}
