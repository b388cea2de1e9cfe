package dev.posthaste.cli;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection to the stream, heard from one thread. It asks for a message at a time, so at most
 * one waits here.
 */
final class EventSocket implements WebSocket.Listener {
  /** More than the largest event that a server can be told to take. */
  private static final int MAX_CHARACTERS = 64 << 20;

  private static final long PING_SECONDS = 15;
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long FAREWELL_SECONDS = 2;
  private static final Heard SILENT =
      new Heard(Optional.empty(), Optional.of("nothing comes any more"));

  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private volatile WebSocket socket;
  private volatile long heardAt = System.nanoTime();

  /** A message, or why none will come any more. */
  record Heard(Optional<String> message, Optional<String> ending) {}

  @Override
  public void onOpen(WebSocket opened) {
    socket = opened;
    opened.request(1);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    heardAt = System.nanoTime();
    if (text.length() + part.length() > MAX_CHARACTERS) {
      ended("a message is too large");
      from.abort();
      return null;
    }
    text.append(part);
    if (last) {
      heard.add(new Heard(Optional.of(text.toString()), Optional.empty()));
      text.setLength(0);
    } else {
      from.request(1);
    }
    return null;
  }

  @Override
  public CompletionStage<?> onPing(WebSocket from, ByteBuffer data) {
    return alive(from);
  }

  @Override
  public CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
    return alive(from);
  }

  private CompletionStage<?> alive(WebSocket from) {
    heardAt = System.nanoTime();
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    ended(reason.isEmpty() ? "code " + code : reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable cause) {
    ended(cause.toString());
  }

  private void ended(String why) {
    heard.add(new Heard(Optional.empty(), Optional.of(why)));
  }

  /** Waits for it. Pings while it waits, to notice a server that is gone without a word. */
  Heard next() {
    try {
      while (true) {
        Heard next = heard.poll(PING_SECONDS, TimeUnit.SECONDS);
        if (next != null) {
          return next;
        }
        if (System.nanoTime() - heardAt > SILENCE_NANOS) {
          socket.abort();
          return SILENT;
        }
        ping();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted.");
    }
  }

  private void ping() {
    try {
      socket.sendPing(ByteBuffer.allocate(0)).orTimeout(PING_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      ended(String.valueOf(e.getCause()));
    }
  }

  /** The last message is dealt with. */
  void more() {
    heardAt = System.nanoTime();
    socket.request(1);
  }

  /** Says goodbye, if there is anybody. From any thread. */
  void close() {
    WebSocket open = socket;
    if (open == null || open.isOutputClosed()) {
      return;
    }
    try {
      open.sendClose(WebSocket.NORMAL_CLOSURE, "").get(FAREWELL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      open.abort();
    }
  }
}
