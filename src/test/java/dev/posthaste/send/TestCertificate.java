package dev.posthaste.send;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;

/**
 * A certificate for a server, and the authority that signed it; the JDK's own keytool makes both.
 *
 * @param keys a PKCS12 file with both of them
 */
record TestCertificate(Path keys) {
  private static final String PASSWORD = "changeit";

  /** An authority alone, which can {@link #sign}. */
  static TestCertificate authority(Path folder) throws Exception {
    Path keys = Files.createTempDirectory(folder, "ca").resolve("keys.p12");
    keytool(keys, "ca", "-ext", "bc:c", "-startdate", "-30d", "-validity", "90");
    return new TestCertificate(keys);
  }

  /** A certificate for localhost that nobody signed but its own key. */
  static TestCertificate selfSigned(Path folder) throws Exception {
    Path keys = Files.createTempDirectory(folder, "self").resolve("keys.p12");
    keytool(keys, "server", "-ext", "san=dns:localhost,ip:127.0.0.1", "-startdate", "-1d");
    return new TestCertificate(keys);
  }

  /**
   * A certificate of this authority for two days.
   *
   * @param names as keytool writes them: {@code dns:localhost,ip:127.0.0.1}
   * @param start when it begins to be valid, seen from now: {@code -1d}
   */
  TestCertificate sign(String names, String start) throws Exception {
    Path copy = Files.createTempDirectory(keys.getParent(), "cert").resolve("keys.p12");
    Files.copy(keys, copy);
    keytool(
        copy,
        "server",
        "-signer",
        "ca",
        "-ext",
        "san=" + names,
        "-startdate",
        start,
        "-validity",
        "2");
    return new TestCertificate(copy);
  }

  /** Server sockets that show the certificate. */
  SSLServerSocketFactory serverSockets() throws GeneralSecurityException, IOException {
    KeyStore store = store();
    store.deleteEntry("ca");
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }

  /** A server of Vert.x, on BoringSSL, that shows the certificate. */
  HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setSsl(true)
        .setSslEngineOptions(new OpenSSLEngineOptions())
        .setKeyCertOptions(
            new PfxOptions().setPath(keys.toString()).setPassword(PASSWORD).setAlias("server"));
  }

  /** A file with the certificate of the authority. */
  Path authorityPem() throws GeneralSecurityException, IOException {
    byte[] der = store().getCertificate("ca").getEncoded();
    String text = Base64.getMimeEncoder().encodeToString(der);
    return Files.writeString(
        keys.resolveSibling("ca.pem"),
        "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
  }

  private KeyStore store() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static void keytool(Path keys, String alias, String... more) throws Exception {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command = new ArrayList<>(List.of(tool, "-genkeypair", "-keyalg", "EC"));
    command.addAll(List.of("-keystore", keys.toString(), "-storepass", PASSWORD));
    command.addAll(List.of("-alias", alias, "-dname", "CN=" + alias));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + output);
    }
  }
}
