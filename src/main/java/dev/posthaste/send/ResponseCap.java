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
  private int length;
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
    int more = Math.min(piece.readableBytes(), maxKept - length);
    if (more > 0) {
      makeRoom(length + more);
      piece.getBytes(piece.readerIndex(), kept, length, more);
      length += more;
    }
    read += piece.readableBytes();
    return read <= maxRead;
  }

  /**
   * Exactly for the usual answer, which comes in one piece; doubled for one in a thousand pieces.
   */
  private void makeRoom(int needed) {
    if (needed > kept.length) {
      kept = Arrays.copyOf(kept, Math.max(needed, Math.min(maxKept, 2 * kept.length)));
    }
  }

  /** What was kept, as text. NUL is replaced: PostgreSQL cannot store it. */
  String text() {
    if (length == 0) {
      return "";
    }
    String text = read > length ? decodeCut() : new String(kept, 0, length, StandardCharsets.UTF_8);
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\ufffd');
  }

  /** As UTF-8, without the character that the cut may have gone through. */
  private String decodeCut() {
    CharBuffer chars = CharBuffer.allocate(length);
    StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .onUnmappableCharacter(CodingErrorAction.REPLACE)
        .decode(ByteBuffer.wrap(kept, 0, length), chars, false);
    return chars.flip().toString();
  }
}
