package dev.posthaste.settings;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A PostgreSQL database and how to log in.
 *
 * @param host name or address; IPv6 without brackets
 * @param port TCP port
 * @param user role
 * @param password empty when the server asks for none
 * @param database name
 * @param sslMode as libpq has it
 * @param sslRootCertificate PEM file of the CA for {@link SslMode#VERIFY_CA} and above; empty =
 *     those of Java
 */
public record DatabaseUrl(
    String host,
    int port,
    String user,
    Secret password,
    String database,
    SslMode sslMode,
    Optional<Path> sslRootCertificate) {

  /** What libpq calls sslmode; the text form is lower case with dashes. */
  public enum SslMode {
    DISABLE,
    ALLOW,
    PREFER,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL
  }

  /** A server on this machine, without TLS. */
  public static DatabaseUrl local(int port, String user, Secret password, String database) {
    return new DatabaseUrl(
        "127.0.0.1", port, user, password, database, SslMode.DISABLE, Optional.empty());
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database?sslmode=…&sslrootcert=…}. User and
   * password may be percent-encoded; the port is 5432 and the database that of the user unless
   * given.
   *
   * @throws IllegalArgumentException if it is not that; the message says what is allowed, never the
   *     text
   */
  public static DatabaseUrl parse(String text) {
    return DatabaseUrlParser.parse(text);
  }

  /** The whole URL with its password: a secret. */
  public String text() {
    return render(encode(password.reveal()));
  }

  /** The URL with the password masked. */
  @Override
  public String toString() {
    return render(Secret.MASK);
  }

  private String render(String shownPassword) {
    return "postgresql://"
        + encode(user)
        + (password.reveal().isEmpty() ? "" : ":" + shownPassword)
        + "@"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port
        + "/"
        + encode(database)
        + "?sslmode="
        + Forms.lower(sslMode).replace('_', '-')
        + sslRootCertificate.map(file -> "&sslrootcert=" + encode(file.toString())).orElse("");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
