package dev.posthaste.send;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A receiver on loopback that does, byte by byte, what a script says. */
final class RawReceiver implements AutoCloseable {
  static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

  private final ServerSocket server;
  private volatile Script script;
  private final AtomicInteger connections = new AtomicInteger();
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();

  RawReceiver(Script script) throws IOException {
    this(ServerSocketFactory.getDefault(), script);
  }

  RawReceiver(ServerSocketFactory factory, Script script) throws IOException {
    this.server =
        factory.createServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  /** What is done with a connection; it is closed at the end. */
  interface Script {
    /** Plays one connection; they are numbered from 1. */
    void play(Talk talk, int number) throws Exception;
  }

  /** Answers every request in the same way, on one connection. */
  static Script always(String answer) {
    return (talk, number) -> {
      while (talk.readRequest()) {
        talk.write(answer);
      }
    };
  }

  /** From the next connection on. */
  void turn(Script next) {
    script = next;
  }

  int port() {
    return server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  /** Heads and bodies of the requests so far. */
  Queue<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      script.play(new Talk(socket), connections.incrementAndGet());
    } catch (Exception e) {
      // The other side ended it: the test asserts what that side saw.
    }
  }

  /** The receiver's end of one connection. */
  final class Talk {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private String request = "";

    private Talk(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
      this.out = socket.getOutputStream();
    }

    /** False at the end of the connection. */
    boolean readRequest() throws IOException {
      StringBuilder text = new StringBuilder();
      while (text.indexOf("\r\n\r\n") < 0) {
        int c = in.read();
        if (c < 0) {
          return false;
        }
        text.append((char) c);
      }
      int at = text.indexOf("content-length: ") + "content-length: ".length();
      int length = Integer.parseInt(text.substring(at, text.indexOf("\r", at)));
      text.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
      request = text.toString();
      requests.add(request);
      return true;
    }

    /** Head and body of the last one that was read. */
    String request() {
      return request;
    }

    void write(String text) throws IOException {
      write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void write(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** One byte, a while, the next byte. */
    void drip(String text) throws IOException, InterruptedException {
      for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
        write(new byte[] {b});
        Thread.sleep(50);
      }
    }

    /** Speaks only this protocol: to be said before anything is read or written. */
    void offer(String protocol) {
      SSLSocket secure = (SSLSocket) socket;
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {protocol});
      secure.setSSLParameters(parameters);
    }

    /** The server name that the client asked for in its TLS handshake. */
    String serverName() {
      ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) socket).getSession();
      return ((SNIHostName) session.getRequestedServerNames().getFirst()).getAsciiName();
    }

    /** Until the other side closes. */
    void hang() throws IOException {
      in.transferTo(OutputStream.nullOutputStream());
    }

    /** Ends with RST instead of FIN. */
    void resetConnection() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
