package dev.posthaste.send;

import dev.posthaste.contract.Header;
import dev.posthaste.event.Reply.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The head of a request in HTTP/1.1 (RFC 9112), from the bytes that a target always has and the
 * headers of one message.
 */
final class RequestHead {
  private static final String LENGTH = "content-length: ";
  private static final String END_OF_LINE = "\r\n";
  private static final int SEPARATORS = 4;
  private static final int LENGTH_LINE = 32;

  private RequestHead() {}

  /** The request line and the headers that are the same for every message to a target. */
  static byte[] fixed(String requestUri, String authority) {
    String text =
        "POST "
            + requestUri
            + " HTTP/1.1\r\nhost: "
            + authority
            + "\r\naccept-encoding: identity\r\n";
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Room that is enough, in bytes. */
  static int capacity(Target target, List<Header> headers) {
    int capacity = target.head().length + LENGTH_LINE;
    for (Header header : headers) {
      capacity += header.name().length() + header.value().length() + SEPARATORS;
    }
    return capacity;
  }

  /**
   * Writes it.
   *
   * @throws SendFault if a header would break the request; nothing of it may be sent then
   */
  static void write(ByteBuf out, Target target, List<Header> headers, int bodyLength) {
    out.writeBytes(target.head());
    for (Header header : headers) {
      write(out, header);
    }
    ByteBufUtil.writeAscii(out, LENGTH);
    ByteBufUtil.writeAscii(out, Integer.toString(bodyLength));
    ByteBufUtil.writeAscii(out, END_OF_LINE);
    ByteBufUtil.writeAscii(out, END_OF_LINE);
  }

  private static void write(ByteBuf out, Header header) {
    if (HttpHeaderValidationUtil.validateToken(header.name()) >= 0
        || HttpHeaderValidationUtil.validateValidHeaderValue(header.value()) >= 0) {
      // Without the value, which may be a credential.
      throw new SendFault(
          Reason.INTERNAL, "a header cannot be sent: its name or value has a forbidden character");
    }
    ByteBufUtil.writeAscii(out, header.name());
    ByteBufUtil.writeAscii(out, ": ");
    ByteBufUtil.writeAscii(out, header.value());
    ByteBufUtil.writeAscii(out, END_OF_LINE);
  }
}
