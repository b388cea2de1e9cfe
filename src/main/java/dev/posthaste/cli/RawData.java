package dev.posthaste.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.posthaste.event.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Cuts the data out of a message of the stream: its bytes are signed, so none may change. */
final class RawData {
  private static final JsonFactory JSON = new JsonFactory();

  private RawData() {}

  /** The value of {@code event.data}, as it stands in the text. */
  static Payload of(String message) {
    try (JsonParser in = JSON.createParser(message.toCharArray())) {
      in.nextToken();
      enter(in, "event");
      enter(in, "data");
      int start = (int) in.currentTokenLocation().getCharOffset();
      in.finishToken();
      in.skipChildren();
      return Payload.of(message.substring(start, (int) in.currentLocation().getCharOffset()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes on to the value of a key of the object that the parser is at. */
  private static void enter(JsonParser in, String key) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = in.currentName().equals(key);
      in.nextToken();
      if (found) {
        return;
      }
      in.skipChildren();
    }
    throw new IOException("the server sent an event without " + key);
  }
}
