package dev.posthaste.send;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a connection may be kept after an answer. */
final class KeepAlive {
  /** Not at all. */
  static final long CLOSE = -1;

  private static final Pattern TIMEOUT =
      Pattern.compile("(?:^|[,;\\s])timeout\\s*=\\s*\"?(\\d{1,6})", Pattern.CASE_INSENSITIVE);

  private static final String HEADER = "keep-alive";
  private static final int MAX_HINT = 256;

  /** The far side counts from its answer, and a request of ours needs time to get there. */
  private static final int MARGIN_SECONDS = 1;

  private KeepAlive() {}

  /**
   * As long as we would keep it, or as the far side announces if that is shorter.
   *
   * @param ownNanos how long we keep idle connections
   * @return nanoseconds, or {@link #CLOSE}
   */
  static long nanosAfter(HttpResponse response, long ownNanos) {
    if (!HttpUtil.isKeepAlive(response)) {
      return CLOSE;
    }
    String hint = response.headers().get(HEADER);
    return hint == null || hint.length() > MAX_HINT ? ownNanos : hinted(hint, ownNanos);
  }

  private static long hinted(String hint, long ownNanos) {
    Matcher matcher = TIMEOUT.matcher(hint);
    if (!matcher.find()) {
      return ownNanos;
    }
    long seconds = Long.parseLong(matcher.group(1)) - MARGIN_SECONDS;
    return seconds <= 0 ? CLOSE : Math.min(ownNanos, TimeUnit.SECONDS.toNanos(seconds));
  }
}
