package dev.posthaste.event;

import java.util.OptionalLong;

/**
 * How ids look outside: a prefix that names the kind and 26 characters of Crockford base32 in the
 * layout of a ULID, so {@code evt_01K…} sorts by time and double-clicks as one word.
 *
 * <p>Of a ULID's 80 random bits the first 22 are node and sequence; the rest is a mix of the id, so
 * that a mistyped id is refused without a look into the database. It is no secret and no
 * protection: every look-up names its tenant.
 */
public enum PublicId {
  ACCOUNT("acc_"),
  TENANT("ten_"),
  KEY("key_"),
  ENDPOINT("ep_"),
  EVENT("evt_"),
  JOB("job_"),
  AUDIT("aud_"),
  SIGNING_KEY("sgk_"),
  ATTACHMENT("att_");

  private static final int TIME_SHIFT = 22;
  private static final long NODE_AND_SEQUENCE = (1L << TIME_SHIFT) - 1;
  private static final int CHECK_BITS = 58;
  private static final long CHECK = (1L << CHECK_BITS) - 1;

  private final String prefix;

  PublicId(String prefix) {
    this.prefix = prefix;
  }

  /** The text of an id, for example {@code evt_01JGFJJZ00000G40R40M30E209}. */
  public String format(long id) {
    long time = IdGenerator.millisOf(id);
    long rest = id & NODE_AND_SEQUENCE;
    long check = mix(id);
    long high = time << 16 | rest >>> 6;
    long low = (rest & 0x3f) << CHECK_BITS | check;
    return Base32.encode128(prefix, high, low);
  }

  /** The id behind a text; empty if the text was not made by {@link #format} of this kind. */
  public OptionalLong parse(String text) {
    if (!text.startsWith(prefix)) {
      return OptionalLong.empty();
    }
    long[] bits = Base32.decode128(text.substring(prefix.length()));
    if (bits == null) {
      return OptionalLong.empty();
    }
    long time = (bits[0] >>> 16) - IdGenerator.EPOCH_MILLIS;
    if (time < 0 || time >= 1L << 41) {
      return OptionalLong.empty();
    }
    long id = time << TIME_SHIFT | (bits[0] & 0xffff) << 6 | bits[1] >>> CHECK_BITS;
    return mix(id) == (bits[1] & CHECK) ? OptionalLong.of(id) : OptionalLong.empty();
  }

  /** The finalizer of SplitMix64, cut to the bits there are. */
  private static long mix(long id) {
    long z = id + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return (z ^ z >>> 31) & CHECK;
  }
}
