package dev.posthaste.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.posthaste.event.Payload;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/** A value out of a JSON object, byte for byte. */
final class RawValue {
  private static final JsonFactory JSON = new JsonFactory();

  private RawValue() {}

  /**
   * The value of a field at the top; the last one, if there are several, as parsers take it.
   *
   * @param object known to be a JSON object in UTF-8
   */
  static Optional<Payload> of(Buffer object, String field) {
    byte[] bytes = object.getBytes();
    Optional<Payload> value = Optional.empty();
    try (JsonParser parser = JSON.createParser(bytes)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isIt = parser.currentName().equals(field);
        parser.nextToken();
        Payload cut = cut(parser, bytes);
        value = isIt ? Optional.of(cut) : value;
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException("was read before", e);
    }
  }

  private static Payload cut(JsonParser parser, byte[] bytes) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    // Strings and numbers are read lazily: without this their end is not known.
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return Payload.of(Arrays.copyOfRange(bytes, start, end));
  }
}
