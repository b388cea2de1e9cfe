package dev.posthaste.contract;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Key material, parsed once. Immutable; any thread may sign. */
sealed interface SigningKey {
  /** The signature over the two pieces, one after the other. */
  byte[] sign(byte[] head, byte[] body);

  /** HMAC-SHA256. Looking up an algorithm costs more than using it: each thread keeps one. */
  record Hmac(SecretKey key) implements SigningKey {
    private static final String ALGORITHM = "HmacSHA256";
    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(Hmac::newMac);

    static Hmac of(byte[] bytes) {
      return new Hmac(new SecretKeySpec(bytes, ALGORITHM));
    }

    @Override
    public byte[] sign(byte[] head, byte[] body) {
      Mac mac = MAC.get();
      try {
        mac.init(key);
      } catch (InvalidKeyException e) {
        throw new IllegalStateException("the JDK refused an HMAC key", e);
      }
      mac.update(head);
      return mac.doFinal(body);
    }

    private static Mac newMac() {
      try {
        return Mac.getInstance(ALGORITHM);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("the JDK lacks " + ALGORITHM, e);
      }
    }
  }

  /** Ed25519. */
  record Ed25519(PrivateKey key) implements SigningKey {
    private static final String ALGORITHM = "Ed25519";
    private static final int SEED_BYTES = 32;
    private static final int SECRET_BYTES = 64;

    /** RFC 8410: what stands before the seed in a PKCS #8 private key. */
    private static final byte[] PKCS8_HEAD =
        HexFormat.of().parseHex("302e020100300506032b657004220420");

    private static final ThreadLocal<Signature> SIGNATURE =
        ThreadLocal.withInitial(Ed25519::newSignature);

    /**
     * @param bytes seed and public key, 32 bytes each
     */
    static Ed25519 of(byte[] bytes) {
      if (bytes.length != SECRET_BYTES) {
        throw new IllegalArgumentException("an ed25519 secret holds 64 bytes");
      }
      byte[] encoded = new byte[PKCS8_HEAD.length + SEED_BYTES];
      System.arraycopy(PKCS8_HEAD, 0, encoded, 0, PKCS8_HEAD.length);
      System.arraycopy(bytes, 0, encoded, PKCS8_HEAD.length, SEED_BYTES);
      try {
        KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
        return new Ed25519(factory.generatePrivate(new PKCS8EncodedKeySpec(encoded)));
      } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
        throw new IllegalArgumentException("not an ed25519 secret", e);
      }
    }

    @Override
    public byte[] sign(byte[] head, byte[] body) {
      Signature signature = SIGNATURE.get();
      try {
        signature.initSign(key);
        signature.update(head);
        signature.update(body);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("ed25519 failed", e);
      }
    }

    private static Signature newSignature() {
      try {
        return Signature.getInstance(ALGORITHM);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("the JDK lacks " + ALGORITHM, e);
      }
    }
  }
}
