package dev.posthaste.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Contracts of the operator's own.
 *
 * @param dir a folder that exists; empty = only the contracts inside the program
 */
public record ContractSettings(Optional<Path> dir) {
  static ContractSettings from(Section in) {
    return new ContractSettings(in.optional("dir", Forms.folder()));
  }
}
