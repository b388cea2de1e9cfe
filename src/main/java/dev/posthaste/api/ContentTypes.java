package dev.posthaste.api;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Content types of files, which whoever stored them has chosen. */
final class ContentTypes {
  static final String BYTES = "application/octet-stream";

  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}");

  /** What no browser runs anything of. */
  private static final Set<String> SAFE =
      Set.of(
          "application/json",
          "application/pdf",
          "application/zip",
          "audio/mpeg",
          "audio/mp4",
          "audio/ogg",
          "audio/wav",
          "image/gif",
          "image/jpeg",
          "image/png",
          "image/tiff",
          "image/webp",
          "text/csv",
          "text/plain",
          "video/mp4",
          "video/webm");

  private ContentTypes() {}

  /** Without its parameters. */
  static String bare(String header) {
    return header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  static boolean isType(String bare) {
    return FORM.matcher(bare).matches();
  }

  /** The type to answer with. */
  static String safe(String bare) {
    return SAFE.contains(bare) ? bare : BYTES;
  }
}
