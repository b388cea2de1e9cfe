package dev.posthaste.send;

import dev.posthaste.event.Reply.Reason;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import javax.net.ssl.SSLException;

/**
 * What a failure of the network stack means.
 *
 * @param detail in words; the text of the failure where it says more than the reason
 */
record Diagnosis(Reason reason, String detail) {
  private static final int MAX_DETAIL = 300;

  /** Names the failure of a send that had come this far. */
  static Diagnosis of(Throwable failure, SendPhase phase) {
    if (failure instanceof SendFault fault) {
      return new Diagnosis(fault.reason(), fault.getMessage());
    }
    Throwable tls = causeOf(failure, SSLException.class);
    if (tls != null) {
      return new Diagnosis(Reason.TLS, text(deepest(tls)));
    }
    Reason reason =
        switch (phase) {
          case LOOK_UP -> Reason.INTERNAL;
          case CONNECT -> connecting(failure);
          case ANSWER, BODY -> exchanging(failure);
        };
    return new Diagnosis(reason, text(failure));
  }

  private static Reason connecting(Throwable failure) {
    return switch (failure) {
      case IOException e -> Reason.CONNECT;
      // Also when the queue for a connection is full: the limit is ours.
      default -> Reason.INTERNAL;
    };
  }

  private static Reason exchanging(Throwable failure) {
    return switch (failure) {
      case IOException e -> Reason.RESET;
      case HttpClosedException e -> Reason.RESET;
      case PrematureChannelClosureException e -> Reason.RESET;
      case DecoderException e -> Reason.INVALID_RESPONSE;
      // How Netty reports a malformed status line, length or chunk.
      case IllegalArgumentException e -> Reason.INVALID_RESPONSE;
      default -> Reason.INTERNAL;
    };
  }

  /** Whether another address of the same name is worth a try. */
  static boolean isUnreachable(Throwable failure) {
    return failure instanceof IOException && !(failure instanceof SSLException);
  }

  private static <T extends Throwable> T causeOf(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  private static Throwable deepest(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    String text = message == null ? failure.getClass().getSimpleName() : message;
    return text.length() <= MAX_DETAIL ? text : text.substring(0, MAX_DETAIL);
  }
}
