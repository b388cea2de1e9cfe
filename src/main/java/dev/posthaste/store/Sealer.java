package dev.posthaste.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what must be readable again but not from a stolen backup: signing secrets and header
 * values. AES-256-GCM with a random 96-bit nonce; the owner's id is authenticated with it, so that
 * a sealed value cannot be moved to another row. Thread-safe.
 *
 * <p>Layout: version (1), length of the key's id (1), the key's id, nonce (12), ciphertext and tag.
 */
public final class Sealer {
  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final Map<String, SecretKeySpec> keys;
  private final String currentId;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param keys by id, 32 bytes each; the first seals, all open. At least one
   */
  public Sealer(Map<String, byte[]> keys) {
    this.keys = new LinkedHashMap<>();
    keys.forEach((id, key) -> this.keys.put(id, new SecretKeySpec(key, "AES")));
    this.currentId = keys.keySet().iterator().next();
  }

  /** What every value begins with that is sealed under the current key, and no other value does. */
  byte[] mark() {
    byte[] id = currentId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + id.length).put(VERSION).put((byte) id.length).put(id).array();
  }

  /**
   * For each key, the current one first, another one made from it for another purpose.
   *
   * @param purpose never to be changed: what was made with the keys would not fit any more
   */
  public List<byte[]> derive(String purpose) {
    return keys.values().stream().map(key -> derive(key, purpose)).toList();
  }

  private static byte[] derive(SecretKeySpec key, String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
      return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /** Seals a text for one owner. */
  public byte[] seal(String text, long ownerId) {
    byte[] id = currentId.getBytes(StandardCharsets.UTF_8);
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed =
        crypt(
            Cipher.ENCRYPT_MODE,
            keys.get(currentId),
            nonce,
            ownerId,
            text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.allocate(2 + id.length + nonce.length + sealed.length)
        .put(VERSION)
        .put((byte) id.length)
        .put(id)
        .put(nonce)
        .put(sealed)
        .array();
  }

  /**
   * Opens what was sealed for the owner.
   *
   * @throws IllegalStateException if the key is not configured any more or the value was tampered
   *     with; the message names the key's id, never the content
   */
  public String open(byte[] value, long ownerId) {
    try {
      return open(ByteBuffer.wrap(value), ownerId);
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("a sealed value is cut off", e);
    }
  }

  private String open(ByteBuffer in, long ownerId) {
    if (in.get() != VERSION) {
      throw new IllegalStateException("sealed by a later version of Posthaste");
    }
    byte[] id = new byte[Byte.toUnsignedInt(in.get())];
    in.get(id);
    SecretKeySpec key = keys.get(new String(id, StandardCharsets.UTF_8));
    if (key == null) {
      throw new IllegalStateException(
          "the encryption key '"
              + new String(id, StandardCharsets.UTF_8)
              + "' is missing: add it to encryption.keys");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    in.get(nonce);
    byte[] sealed = new byte[in.remaining()];
    in.get(sealed);
    return new String(
        crypt(Cipher.DECRYPT_MODE, key, nonce, ownerId, sealed), StandardCharsets.UTF_8);
  }

  private static byte[] crypt(
      int mode, SecretKeySpec key, byte[] nonce, long ownerId, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(ByteBuffer.allocate(Long.BYTES).putLong(ownerId).flip());
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "a sealed value cannot be opened: is it the right encryption key?", e);
    }
  }
}
