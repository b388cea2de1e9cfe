package dev.posthaste.loadtest;

import java.io.IOException;
import java.nio.file.Path;

/** One line that keeps changing on a terminal, a line now and then elsewhere. */
public final class Progress {
  private static final long TERMINAL_MILLIS = 200;
  private static final long PLAIN_MILLIS = 5_000;

  private final boolean terminal = isTerminal();
  private long nextMillis;

  /** With release 21, Console does not tell. */
  private static boolean isTerminal() {
    try {
      String out = Path.of("/dev/stdout").toRealPath().toString();
      return out.startsWith("/dev/pts/") || out.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Shows the text if it is time. */
  @SuppressWarnings("SystemOut")
  public void show(String text) {
    long now = System.currentTimeMillis();
    if (now < nextMillis) {
      return;
    }
    nextMillis = now + (terminal ? TERMINAL_MILLIS : PLAIN_MILLIS);
    if (terminal) {
      System.out.print("\r\u001b[K" + text);
      System.out.flush();
    } else {
      System.out.println(text);
    }
  }

  /** Leaves the line. */
  @SuppressWarnings("SystemOut")
  public void end() {
    if (terminal) {
      System.out.println();
    }
  }
}
