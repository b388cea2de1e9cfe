package dev.posthaste.loadtest.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A certificate for loopback addresses and the authority that signed it, made by the JDK's keytool:
 * P-256, and a chain of two, as public servers have them.
 *
 * @param keys PKCS12 with the entry {@code server}; its password is {@code changeit}
 * @param authority PEM, to be trusted
 */
public record Identity(Path keys, Path authority) {
  private static final String PASSWORD = "changeit";

  /** Makes it for 127.0.0.1 and the addresses that follow. Blocks for a few seconds. */
  public static Identity make(Path folder, int addresses) throws IOException {
    Files.createDirectories(folder);
    Path keys = folder.resolve("receiver.p12");
    Path authority = folder.resolve("ca.pem");
    String names =
        IntStream.rangeClosed(1, addresses)
            .mapToObj(i -> "ip:127.0.0." + i)
            .collect(Collectors.joining(",", "san=", ""));
    pair(keys, "ca", List.of("-ext", "bc:c"));
    pair(keys, "server", List.of("-signer", "ca", "-ext", names));
    keytool(keys, List.of("-exportcert", "-rfc", "-alias", "ca", "-file", authority.toString()));
    return new Identity(keys, authority);
  }

  private static void pair(Path keys, String alias, List<String> more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"));
    arguments.addAll(List.of("-alias", alias, "-dname", "CN=" + alias, "-startdate", "-1d"));
    arguments.addAll(more);
    keytool(keys, arguments);
  }

  private static void keytool(Path keys, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(
        List.of("-keystore", keys.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }
}
