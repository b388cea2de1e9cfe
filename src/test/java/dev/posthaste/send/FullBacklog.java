package dev.posthaste.send;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ServerSocketFactory;

/**
 * A port on loopback whose queue of connections is full: what else wants to connect hears nothing,
 * as from a host that drops packets.
 */
final class FullBacklog implements AutoCloseable {
  private static final int MOST = 64;
  private static final int PATIENCE_MILLIS = 200;

  private final ServerSocket server;
  private final List<Socket> queued = new ArrayList<>();

  FullBacklog() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    while (queue()) {
      if (queued.size() > MOST) {
        throw new IOException("the queue of a socket does not fill here");
      }
    }
  }

  private boolean queue() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), PATIENCE_MILLIS);
      queued.add(socket);
      return true;
    } catch (SocketTimeoutException e) {
      socket.close();
      return false;
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** Ends this and gives the port to a receiver that takes everything. */
  RawReceiver makeRoom() throws IOException {
    int port = port();
    close();
    return new RawReceiver(
        new ServerSocketFactory() {
          @Override
          public ServerSocket createServerSocket(int any, int backlog, InetAddress address)
              throws IOException {
            return new ServerSocket(port, backlog, address);
          }

          @Override
          public ServerSocket createServerSocket(int any) throws IOException {
            return new ServerSocket(port);
          }

          @Override
          public ServerSocket createServerSocket(int any, int backlog) throws IOException {
            return new ServerSocket(port, backlog);
          }
        },
        RawReceiver.always(RawReceiver.OK));
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : queued) {
      socket.close();
    }
  }
}
