package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Pause;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between one node and PostgreSQL, which can be cut, go silent or become slow. After a
 * silence what was sent meanwhile comes through, as TCP does it.
 */
final class Line implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final int BUFFER = 16 * 1024;

  private final ServerSocket server;
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Object mended = new Object();
  private volatile boolean cut;
  private volatile boolean silent;
  private volatile int delayMillis;

  Line(int targetPort) throws IOException {
    server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Ends what is open and refuses what comes. */
  void cut() {
    cut = true;
    drop();
  }

  /** Ends what is open, no more. */
  void drop() {
    open.forEach(Line::quietlyClose);
  }

  /** Lets nothing through and says nothing. */
  void silence() {
    silent = true;
  }

  /** Holds back each piece of data for a while. */
  void delay(int millis) {
    delayMillis = millis;
  }

  /** Works again. */
  void mend() {
    synchronized (mended) {
      cut = false;
      silent = false;
      delayMillis = 0;
      mended.notifyAll();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> join(client));
      } catch (IOException e) {
        // Closed, or one connection failed: the next one may do.
      }
    }
  }

  private void join(Socket client) {
    Socket upstream = new Socket();
    open.add(client);
    open.add(upstream);
    try {
      awaitSound();
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      upstream.connect(target);
      Thread.ofVirtual().start(() -> pump(client, upstream));
      pump(upstream, client);
    } catch (IOException e) {
      end(client, upstream);
    }
  }

  private void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitSound();
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // Cut.
    } finally {
      end(from, to);
    }
  }

  private void awaitSound() throws IOException {
    if (delayMillis > 0) {
      Pause.millis(delayMillis);
    }
    synchronized (mended) {
      while (silent && !cut) {
        try {
          mended.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException(e);
        }
      }
    }
    if (cut) {
      throw new IOException("cut");
    }
  }

  private void end(Socket one, Socket other) {
    quietlyClose(one);
    quietlyClose(other);
    open.remove(one);
    open.remove(other);
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
    mend();
  }
}
