package dev.posthaste.registry;

import dev.posthaste.event.ApiKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who a bearer is. Knows hashes only. Read on any thread. */
public final class KeyRing {
  /** Looking it up costs as much as using it: each thread keeps one. */
  private static final ThreadLocal<MessageDigest> DIGEST =
      ThreadLocal.withInitial(KeyRing::newDigest);

  private final Map<Hash, ApiKey> keys = new ConcurrentHashMap<>();

  /** The key that hashes like this text, unless it has expired. */
  public Optional<ApiKey> find(String text, Instant now) {
    ApiKey key = keys.get(new Hash(hash(text)));
    return Optional.ofNullable(key)
        .filter(found -> found.expiresAt().isEmpty() || now.isBefore(found.expiresAt().get()));
  }

  void put(ApiKey key, byte[] hash) {
    keys.put(new Hash(hash), key);
  }

  /** Revokes the key of that hash. */
  public void remove(byte[] hash) {
    keys.remove(new Hash(hash));
  }

  /** SHA-256: keys carry 160 random bits, so nothing slower is needed. */
  public static byte[] hash(String text) {
    return DIGEST.get().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Compared in constant time; the table's bucket tells nothing that the caller can choose. */
  private static final class Hash {
    private final byte[] bytes;

    Hash(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Hash that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
