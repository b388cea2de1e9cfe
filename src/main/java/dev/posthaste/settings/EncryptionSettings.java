package dev.posthaste.settings;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What encrypts signing secrets in the database.
 *
 * @param keys the first encrypts, all decrypt; empty = a key file in the data folder
 */
public record EncryptionSettings(List<EncryptionKey> keys) {
  public EncryptionSettings {
    keys = List.copyOf(keys);
  }

  static EncryptionSettings from(Section in) {
    List<EncryptionKey> keys = in.many("keys", Forms.secret(EncryptionKey::parse));
    Set<String> seen = new HashSet<>();
    for (EncryptionKey key : keys) {
      if (!seen.add(key.id())) {
        in.fault("keys", "two keys have the id " + key.id() + "; each needs its own");
      }
    }
    return new EncryptionSettings(keys);
  }
}
