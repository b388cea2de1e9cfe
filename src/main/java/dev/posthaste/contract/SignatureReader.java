package dev.posthaste.contract;

import dev.posthaste.contract.SignatureScheme.Encoding;
import dev.posthaste.contract.SignatureScheme.IdKind;
import dev.posthaste.contract.SignatureScheme.KeyForm;
import dev.posthaste.contract.SignatureScheme.Names;
import dev.posthaste.contract.SignatureScheme.Signed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads how a contract signs: its own scheme and, if wanted, the standard one beside it. */
final class SignatureReader {
  private SignatureReader() {}

  static List<SignatureScheme> read(Section root) {
    List<SignatureScheme> schemes = new ArrayList<>();
    if (!root.says("signature", "none")) {
      schemes.add(scheme(root.section("signature", "none, or keys and values")));
    }
    if (root.flag("alsoStandardHeaders") && !schemes.contains(SignatureScheme.STANDARD)) {
      schemes.add(SignatureScheme.STANDARD);
    }
    if (haveNamesTwice(schemes)) {
      root.fault(
          "alsoStandardHeaders", "must be false where signature.headers uses webhook-… names");
    }
    return schemes;
  }

  private static SignatureScheme scheme(Section section) {
    Signed signed = section.choice("signed", Signed.class);
    KeyForm keyForm = section.choice("key", KeyForm.class);
    Encoding encoding = section.choice("encoding", Encoding.class);
    String prefix = section.optionalText("prefix").orElse("");
    if (!prefix.isEmpty() && (!HeaderNames.isValue(prefix) || prefix.contains(" "))) {
      section.fault("prefix", "must be printable ASCII without spaces");
    }
    boolean all = section.choice("secrets", Secrets.class) == Secrets.ALL;
    IdKind id = section.raw("id").isEmpty() ? IdKind.EVENT : section.choice("id", IdKind.class);
    Names names = names(section.section("headers"), signed);
    section.end();
    return new SignatureScheme(signed, keyForm, encoding, prefix, all, id, names);
  }

  /** A receiver cannot verify what it is not told, so what is signed has its header. */
  private static Names names(Section section, Signed signed) {
    boolean needsId = signed == Signed.ID_TIMESTAMP_BODY;
    boolean needsTime = needsId || signed == Signed.TIMESTAMP_BODY;
    Names names =
        new Names(
            name(section, "id", needsId),
            name(section, "timestamp", needsTime),
            HeaderNames.read(section, "signature"));
    if (new HashSet<>(names.all()).size() < names.all().size()) {
      section.fault("", "must be different names");
    }
    section.end();
    return names;
  }

  private static Optional<String> name(Section section, String key, boolean needed) {
    return needed || section.raw(key).isPresent()
        ? Optional.of(HeaderNames.read(section, key))
        : Optional.empty();
  }

  private static boolean haveNamesTwice(List<SignatureScheme> schemes) {
    Set<String> seen = new HashSet<>();
    return schemes.size() > 1
        && schemes.stream()
            .flatMap(scheme -> scheme.names().all().stream())
            .anyMatch(n -> !seen.add(n));
  }

  private enum Secrets {
    ALL,
    CURRENT
  }
}
