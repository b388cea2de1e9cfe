package dev.posthaste.loadtest.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;

/**
 * The shipped contracts under their own names, so that the wire is the real one, with waits of
 * seconds where they have hours.
 */
final class QuickContracts {
  private QuickContracts() {}

  /** Writes them into a folder for {@code POSTHASTE_CONTRACTS_DIR}. */
  static void write(Path jar, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (JarFile file = new JarFile(jar.toFile())) {
      for (Customer customer : Customer.values()) {
        String name = customer.code() + ".yaml";
        byte[] text = file.getInputStream(file.getEntry("conf/contracts/" + name)).readAllBytes();
        Files.writeString(folder.resolve(name), quicken(new String(text, StandardCharsets.UTF_8)));
      }
    }
  }

  /** A contract without retries stays without. */
  static String quicken(String contract) {
    return contract
        .replaceAll("(?m)^  schedule: \\[\\d.*]$", "  schedule: [1s, 2s, 4s]")
        .replaceAll("(?m)^timeout: .*$", "timeout: 2s");
  }
}
