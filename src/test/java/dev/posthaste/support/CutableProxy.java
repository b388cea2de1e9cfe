package dev.posthaste.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy on loopback whose line can be cut: open connections end, new ones are refused. Or
 * open ones die in silence, as when a router forgets them. Or nothing comes through for a while.
 */
public final class CutableProxy implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;

  private final ServerSocket server;
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> silent = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger joined = new AtomicInteger();
  private volatile boolean cut;
  private volatile CountDownLatch way = new CountDownLatch(0);

  public CutableProxy(int targetPort) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  public void cut() {
    cut = true;
    open.forEach(CutableProxy::quietlyClose);
  }

  /** How many connections were refused so far. */
  public int refused() {
    return refused.get();
  }

  /** How many connections were let through so far. */
  public int joined() {
    return joined.get();
  }

  public void restore() {
    cut = false;
  }

  /**
   * What comes through the connections that are open is lost, and nobody is told. New ones work.
   */
  public void silence() {
    silent.addAll(open);
  }

  /** From now on connections are let in, and what is said in any of them waits. */
  public void holdUp() {
    way = new CountDownLatch(1);
  }

  /** What has waited comes through. */
  public void goOn() {
    way.countDown();
  }

  /** Whether all connections have ended. */
  public boolean isIdle() {
    return open.isEmpty();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        join(server.accept());
      } catch (IOException e) {
        // Closed, or one connection failed: the next one may do.
      }
    }
  }

  private void join(Socket client) throws IOException {
    if (cut) {
      refused.incrementAndGet();
      client.close();
      return;
    }
    joined.incrementAndGet();
    Socket upstream = new Socket();
    open.add(client);
    open.add(upstream);
    upstream.connect(target);
    Thread.ofVirtual().start(() -> pump(client, upstream));
    Thread.ofVirtual().start(() -> pump(upstream, client));
    if (cut) {
      cut();
    }
  }

  private void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        way.await();
        if (!silent.contains(from)) {
          to.getOutputStream().write(buffer, 0, read);
        }
      }
    } catch (IOException | InterruptedException e) {
      // Cut.
    } finally {
      quietlyClose(from);
      quietlyClose(to);
      open.remove(from);
      open.remove(to);
      silent.remove(from);
      silent.remove(to);
    }
  }

  private static void quietlyClose(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
    goOn();
  }
}
