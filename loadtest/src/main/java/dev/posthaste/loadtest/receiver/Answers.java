package dev.posthaste.loadtest.receiver;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Writes answers, at once or later. Answers that wait equally long come due in order, so that a
 * queue per wait does instead of a timer per request. Belongs to one event loop.
 */
final class Answers {
  private static final long TICK_MILLIS = 2;
  private static final Buffer TAKEN = head(200, "OK", "");
  private static final Buffer LAST =
      Buffer.buffer("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");

  private final Map<Integer, Queue<Late>> late = new HashMap<>();

  Answers(Vertx vertx) {
    vertx.setPeriodic(TICK_MILLIS, tick -> late.values().forEach(Answers::writeDue));
  }

  void answer(NetSocket socket, int status, Behaviour behaviour) {
    int delayMillis = behaviour.delayMillis();
    if (delayMillis < 0) {
      return;
    }
    if (behaviour.closes()) {
      socket.end(LAST);
      return;
    }
    Buffer answer = status == 200 ? TAKEN : refusal(status, behaviour.againSeconds());
    if (delayMillis == 0) {
      socket.write(answer);
    } else {
      long due = System.nanoTime() + delayMillis * 1_000_000L;
      late.computeIfAbsent(delayMillis, any -> new ArrayDeque<>())
          .add(new Late(socket, answer, due));
    }
  }

  private static void writeDue(Queue<Late> queue) {
    long now = System.nanoTime();
    while (!queue.isEmpty() && queue.peek().dueNanos() - now <= 0) {
      Late next = queue.remove();
      next.socket().write(next.answer());
    }
  }

  private static Buffer refusal(int status, int againSeconds) {
    String header = againSeconds == 0 ? "" : "retry-after: " + againSeconds + "\r\n";
    return head(status, "Refused", header);
  }

  private static Buffer head(int status, String reason, String header) {
    return Buffer.buffer(
        "HTTP/1.1 " + status + " " + reason + "\r\n" + header + "content-length: 0\r\n\r\n");
  }

  /** Requests that wait for their answer, those that never get one left aside. */
  int waiting() {
    return late.values().stream().mapToInt(Queue::size).sum();
  }

  private record Late(NetSocket socket, Buffer answer, long dueNanos) {}
}
