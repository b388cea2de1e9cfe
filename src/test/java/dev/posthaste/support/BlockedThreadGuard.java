package dev.posthaste.support;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test class during which an event loop of {@link TestVertx} was blocked, and shows where.
 * Registered for all classes by META-INF/services.
 *
 * <p>On a machine that is short of CPU a loop can stand still through no fault of its own, so only
 * two kinds of report count. One that waits for a lock, a future, a sleep: at once, that is from
 * 100 ms on. And one on which code of ours is running, close to the innermost frame, neither being
 * loaded nor being deployed, which happen once: from 300 ms on, as somebody else may have the CPU.
 */
public final class BlockedThreadGuard implements BeforeAllCallback, AfterAllCallback {
  private static final String CHECKER = "io.vertx.core.impl.BlockedThreadChecker";
  private static final Catcher CATCHER = new Catcher();

  private static final List<String> WAITS =
      List.of(
          "jdk.internal.misc.Unsafe.park",
          "java.lang.Object.wait",
          "java.lang.Thread.sleep",
          "java.util.concurrent.locks.LockSupport.park");

  private static final List<String> ONCE =
      List.of(
          "java.lang.ClassLoader.",
          "jdk.internal.loader.",
          "java.lang.invoke.",
          "<clinit>",
          "io.vertx.core.VerticleBase.deploy");

  private static final int CLOSE = 15;
  private static final long RUNNING_MILLIS = 300;
  private static final Pattern DURATION = Pattern.compile("blocked for (\\d+) ms");

  @Override
  public void beforeAll(ExtensionContext context) {
    install();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    List<String> blocked = CATCHER.take();
    if (!blocked.isEmpty()) {
      throw new AssertionError("An event loop was blocked:\n" + String.join("\n\n", blocked));
    }
  }

  /** The settings of the log may have been replaced since, so it is looked each time. */
  private static void install() {
    Logger logger = (Logger) LoggerFactory.getLogger(CHECKER);
    if (!logger.isAttached(CATCHER)) {
      CATCHER.setContext(logger.getLoggerContext());
      CATCHER.start();
      logger.addAppender(CATCHER);
    }
  }

  /** What was caught up to now and not yet reported. */
  static List<String> take() {
    return CATCHER.take();
  }

  /** Whether a loop with this stack, the innermost frame first, is at fault. */
  static boolean counts(List<String> frames, long millis) {
    return waits(frames) || (millis >= RUNNING_MILLIS && runsOurs(frames));
  }

  private static boolean waits(List<String> frames) {
    return frames.stream().limit(3).anyMatch(frame -> WAITS.stream().anyMatch(frame::startsWith));
  }

  private static boolean runsOurs(List<String> frames) {
    return frames.stream().limit(CLOSE).anyMatch(frame -> frame.startsWith("dev.posthaste."))
        && frames.stream().noneMatch(frame -> ONCE.stream().anyMatch(frame::contains));
  }

  private static final class Catcher extends AppenderBase<ILoggingEvent> {
    private final Queue<String> caught = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      List<String> frames = frames(event.getThrowableProxy());
      String message = event.getFormattedMessage();
      if (message.contains("eventloop") && counts(frames, millis(message))) {
        caught.add(message + "\n    " + String.join("\n    ", frames));
      }
    }

    private static long millis(String message) {
      Matcher matcher = DURATION.matcher(message);
      return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static List<String> frames(IThrowableProxy thrown) {
      return thrown == null
          ? List.of()
          : Arrays.stream(thrown.getStackTraceElementProxyArray())
              .map(StackTraceElementProxy::getStackTraceElement)
              .map(frame -> frame.getClassName() + "." + frame.getMethodName() + ":" + line(frame))
              .collect(Collectors.toList());
    }

    private static int line(StackTraceElement frame) {
      return frame.getLineNumber();
    }

    List<String> take() {
      List<String> all = new ArrayList<>();
      for (String one = caught.poll(); one != null; one = caught.poll()) {
        all.add(one);
      }
      return all;
    }
  }
}
