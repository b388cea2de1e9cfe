package dev.posthaste.contract;

import dev.posthaste.event.Payload;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Timestamps;
import java.time.Instant;
import java.util.List;

/** The secrets of one endpoint, parsed for one scheme. */
final class KeyRing {
  private final SignatureScheme scheme;
  private final List<Entry> entries;

  /**
   * @param secrets the current one first
   * @throws IllegalArgumentException if there is none, or one that the scheme cannot use
   */
  KeyRing(SignatureScheme scheme, List<SigningSecret> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("the contract signs, but the endpoint has no secret");
    }
    this.scheme = scheme;
    this.entries =
        secrets.stream()
            .limit(scheme.allSecrets() ? Long.MAX_VALUE : 1)
            .map(secret -> new Entry(secret, scheme.keyOf(secret.text())))
            .toList();
  }

  SignatureScheme scheme() {
    return scheme;
  }

  /** Adds the headers of the scheme. */
  void sign(String messageId, Payload body, Instant now, List<Header> out) {
    String timestamp = Timestamps.seconds(now);
    SignatureScheme.Names names = scheme.names();
    names.id().ifPresent(name -> out.add(new Header(name, messageId)));
    names.timestamp().ifPresent(name -> out.add(new Header(name, timestamp)));
    byte[] head = scheme.head(messageId, timestamp);
    out.add(new Header(names.signature(), signatures(head, body.bytes(), now)));
  }

  private String signatures(byte[] head, byte[] body, Instant now) {
    String line = "";
    for (Entry entry : entries) {
      if (entry.secret.signsAt(now)) {
        String signature = scheme.signature(entry.key, head, body);
        line = line.isEmpty() ? signature : line + " " + signature;
      }
    }
    if (line.isEmpty()) {
      throw new IllegalStateException("no secret of the endpoint is valid any more");
    }
    return line;
  }

  private record Entry(SigningSecret secret, SigningKey key) {}
}
