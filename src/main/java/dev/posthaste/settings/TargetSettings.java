package dev.posthaste.settings;

import java.nio.file.Path;
import java.util.List;

/**
 * Where deliveries may go.
 *
 * @param allow CIDR ranges allowed although private or reserved, checked to be {@code
 *     address/prefix}
 * @param http whether plain http is allowed
 * @param caFiles readable PEM files of further certificate authorities
 */
public record TargetSettings(List<String> allow, boolean http, List<Path> caFiles) {
  public TargetSettings {
    allow = List.copyOf(allow);
    caFiles = List.copyOf(caFiles);
  }

  static TargetSettings from(Section in) {
    return new TargetSettings(
        in.many("allow", CidrForm::check),
        in.one("http", Forms.flag()),
        in.many("caFiles", Forms.readableFile()));
  }
}
