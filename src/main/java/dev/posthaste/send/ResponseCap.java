package dev.posthaste.send;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Counts the body of a response and keeps its beginning. A body that is longer than we read does
 * not change what the status says. Nothing is ever decompressed.
 */
final class ResponseCap {
  private static final byte[] NOTHING = {};

  private final int maxRead;
  private final int maxKept;
  private byte[] kept = NOTHING;
  private long read;

  ResponseCap(SendSettings settings) {
    this.maxRead = settings.maxResponseBytes();
    this.maxKept = settings.keptResponseBytes();
  }

  /**
   * Takes a piece.
   *
   * @return whether more may follow: if not, the connection is to be cut
   */
  boolean take(ByteBuf piece) {
    int length = piece.readableBytes();
    int room = Math.min(length, maxKept - kept.length);
    if (room > 0) {
      int before = kept.length;
      kept = Arrays.copyOf(kept, before + room);
      piece.getBytes(piece.readerIndex(), kept, before, room);
    }
    read += length;
    return read <= maxRead;
  }

  /** What was kept, as text. NUL is replaced: PostgreSQL cannot store it. */
  String text() {
    if (kept.length == 0) {
      return "";
    }
    String text = read > kept.length ? decodeCut(kept) : new String(kept, StandardCharsets.UTF_8);
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\ufffd');
  }

  /** As UTF-8, without the character that the cut may have gone through. */
  private static String decodeCut(byte[] bytes) {
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .onUnmappableCharacter(CodingErrorAction.REPLACE)
        .decode(ByteBuffer.wrap(bytes), chars, false);
    return chars.flip().toString();
  }
}
