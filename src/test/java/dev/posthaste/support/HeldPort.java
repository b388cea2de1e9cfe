package dev.posthaste.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of {@code 127.0.0.1} that nobody listens on, and that the system gives to nobody else
 * until it is closed; who asks for it by its number may still listen there. A port that was merely
 * free a moment ago may belong to another test by now.
 *
 * <p>So it is on Linux. Elsewhere a bound port is nobody else's at all, and this one is merely
 * free.
 */
public final class HeldPort implements AutoCloseable {
  private static final boolean SHARES = System.getProperty("os.name").equals("Linux");

  private final Socket holder = new Socket();
  private final int number;

  /** Takes a free port. */
  public HeldPort() {
    try {
      // A bound socket that does not listen shares its port with those that name it, if both
      // allow it; servers do. Who asks for any port is given another.
      holder.setReuseAddress(true);
      holder.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
      number = holder.getLocalPort();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
    if (!SHARES) {
      close();
    }
  }

  public int number() {
    return number;
  }

  @Override
  public void close() {
    try {
      holder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
