package dev.posthaste.send;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The certificate authorities that are trusted: those of the JDK, and more from files. */
final class Authorities {
  private Authorities() {}

  /**
   * Reads the files. Blocks: for the start only.
   *
   * @throws IllegalArgumentException if a file cannot be read, with a message for the operator
   */
  static TrustManagerFactory with(List<Path> files) {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      for (TrustManager manager : factory(null).getTrustManagers()) {
        add(all, List.of(((X509TrustManager) manager).getAcceptedIssuers()));
      }
      for (Path file : files) {
        add(all, read(file));
      }
      return factory(all);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java runtime cannot hold certificates", e);
    }
  }

  private static List<X509Certificate> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (found.isEmpty()) {
        throw new IllegalArgumentException("the file " + file + " holds no certificate");
      }
      return found;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("cannot read certificates from " + file + ": " + e, e);
    }
  }

  private static void add(KeyStore store, List<? extends Certificate> certificates)
      throws GeneralSecurityException {
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("ca-" + store.size(), certificate);
    }
  }

  private static TrustManagerFactory factory(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }
}
