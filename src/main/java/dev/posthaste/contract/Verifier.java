package dev.posthaste.contract;

import dev.posthaste.event.Payload;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/** Checks a message that was received, as a receiver would. Immutable; any thread may use it. */
public final class Verifier {
  private final List<SignatureScheme> schemes;

  /**
   * @param contract under which the message was sent
   */
  public Verifier(Contract contract) {
    this.schemes = contract.signatures();
  }

  /**
   * Whether one of the signatures in the header is that of the secret.
   *
   * @param secret or the public key, {@code whpk_…}, where the contract signs with ed25519
   * @param id what the id header held; ignored by contracts that do not sign it
   * @param timestamp as it came
   * @param signatures the header's value: one, or several with spaces between
   * @throws IllegalArgumentException if the contract cannot sign with such a secret
   */
  public boolean accepts(
      String secret, String id, String timestamp, Payload body, String signatures) {
    if (VerificationKey.isText(secret)) {
      VerificationKey key = VerificationKey.parse(secret);
      return schemes.stream()
          .anyMatch(scheme -> scheme.accepts(key, scheme.head(id, timestamp), body, signatures));
    }
    return schemes.stream()
        .map(scheme -> expected(scheme, secret, id, timestamp, body))
        .anyMatch(
            expected -> List.of(signatures.split(" ")).stream().anyMatch(s -> same(s, expected)));
  }

  private static String expected(
      SignatureScheme scheme, String secret, String id, String timestamp, Payload body) {
    return scheme.signature(scheme.keyOf(secret), scheme.head(id, timestamp), body.bytes());
  }

  private static boolean same(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }
}
