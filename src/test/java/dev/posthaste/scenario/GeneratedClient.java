package dev.posthaste.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Has the habits of a TypeScript SDK that was generated from a document: takes anything, repeats
 * what failed twice unless it is told not to, names no request, and sends no body where it has
 * none. On plain sockets, so that no library smooths anything.
 */
final class GeneratedClient {
  private static final int REPEATS = 2;
  private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(408, 409, 429);
  private static final String END = "\r\n";

  private final int port;
  private final String key;
  private final Runnable beforeRepeat;

  /**
   * @param beforeRepeat in place of the pause before a repeat
   */
  GeneratedClient(int port, String key, Runnable beforeRepeat) {
    this.port = port;
    this.key = key;
    this.beforeRepeat = beforeRepeat;
  }

  /**
   * The last answer.
   *
   * @param requests that were made for it
   */
  record Reply(int status, Map<String, String> headers, String body, int requests) {
    JsonObject json() {
      return new JsonObject(body);
    }
  }

  /**
   * @param body none if null
   */
  Reply call(String method, String target, String body) throws IOException {
    Reply reply = once(method, target, body, 1);
    for (int n = 2; n <= 1 + REPEATS && isWorthAnotherTry(reply); n++) {
      beforeRepeat.run();
      reply = once(method, target, body, n);
    }
    return reply;
  }

  private static boolean isWorthAnotherTry(Reply reply) {
    String told = reply.headers.get("x-should-retry");
    return told == null
        ? WORTH_ANOTHER_TRY.contains(reply.status) || reply.status >= 500
        : told.equals("true");
  }

  private Reply once(String method, String target, String body, int number) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request(method, target, body, number).getBytes(UTF_8));
      return read(socket.getInputStream(), number);
    }
  }

  private String request(String method, String target, String body, int number) {
    int length = body == null ? 0 : body.getBytes(UTF_8).length;
    List<String> lines =
        List.of(
            method + " " + target + " HTTP/1.1",
            "host: 127.0.0.1:" + port,
            "connection: close",
            "accept: */*",
            "accept-language: *",
            "sec-fetch-mode: cors",
            "user-agent: Client/JS 1.0.0",
            "x-stainless-retry-count: " + (number - 1),
            "authorization: Bearer " + key);
    String type = body == null ? "" : "content-type: application/json" + END;
    // What fetch does: a POST without a body has a length all the same.
    String size = method.equals("GET") ? "" : "content-length: " + length + END;
    return String.join(END, lines) + END + type + size + END + (body == null ? "" : body);
  }

  private static Reply read(InputStream in, int number) throws IOException {
    String whole = new String(in.readAllBytes(), UTF_8);
    int end = whole.indexOf(END + END);
    if (end < 0) {
      throw new IOException("no answer: " + whole);
    }
    Map<String, String> headers = new HashMap<>();
    List<String> lines = whole.substring(0, end).lines().toList();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int status = Integer.parseInt(lines.getFirst().substring(9, 12));
    return new Reply(status, headers, whole.substring(end + 4), number);
  }
}
