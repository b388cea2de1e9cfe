package dev.posthaste.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MessageStreamTest {
  private static final String FIRST =
      "POST /ok/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nx-a: b\r\n\r\nhello";
  private static final String SECOND = "GET /control/summary HTTP/1.1\r\nhost: a\r\n\r\n";
  private static final String THIRD = "HTTP/1.1 202 Accepted\r\ncontent-length:3\r\n\r\nyes";

  private final List<String> messages = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();
  private final MessageStream stream =
      new MessageStream(
          (bytes, start, bodyStart, end) -> {
            messages.add(text(bytes, start, end));
            bodies.add(text(bytes, bodyStart, end));
          });

  @Test
  void cutsSeveralMessagesOfOnePiece() {
    stream.feed(bytes(FIRST + SECOND + THIRD));

    assertThat(messages).containsExactly(FIRST, SECOND, THIRD);
    assertThat(bodies).containsExactly("hello", "", "yes");
  }

  @Test
  void joinsPiecesWhereverTheyAreCut() {
    byte[] all = bytes(FIRST + SECOND + THIRD);
    for (int cut = 1; cut < all.length; cut++) {
      messages.clear();
      stream.feed(Arrays.copyOfRange(all, 0, cut));
      stream.feed(Arrays.copyOfRange(all, cut, all.length));
      assertThat(messages).as("cut at %d", cut).containsExactly(FIRST, SECOND, THIRD);
    }
  }

  @Test
  void takesSingleBytes() {
    for (byte b : bytes(FIRST + THIRD)) {
      stream.feed(new byte[] {b});
    }

    assertThat(messages).containsExactly(FIRST, THIRD);
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    assertThatThrownBy(
            () -> stream.feed(bytes("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stream.feed(bytes("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsTheHead() {
    byte[] request = bytes(FIRST);
    int end = FIRST.length();

    assertThat(Head.path(request, 0, end)).isEqualTo("/ok/1");
    assertThat(Head.value(request, 0, end, Head.name("X-A"))).contains("b");
    assertThat(Head.value(request, 0, end, Head.name("x-b"))).isEmpty();
    assertThat(Head.status(bytes(THIRD), 0)).isEqualTo(202);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
