package dev.posthaste.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.posthaste.event.Payload;
import dev.posthaste.http.JsonFault;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads posted events in one pass over the bytes, without a tree: {@code data} is cut out of the
 * body as it stands, so that it reaches the receiver byte for byte. Stateless; for any thread.
 */
final class EventReader {
  /** Only UTF-8; names are the publishers' own, so they are not kept in the table of the JVM. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Event loops are few and live long: their buffers need no pool that is shared.
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .build();

  private final int maxDataBytes;

  /**
   * @param maxDataBytes the most that {@code data} may have
   */
  EventReader(int maxDataBytes) {
    this.maxDataBytes = maxDataBytes;
  }

  /**
   * The one event of a body.
   *
   * @throws ProblemException 400 for what is no JSON, 413 for too much data, 422 with every fault
   */
  Draft readOne(byte[] posted) {
    byte[] body = text(posted);
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      Draft draft = readEvent(parser, body);
      if (parser.nextToken() != null) {
        throw new ProblemException(
            Problem.malformed("There is more after the event. Post many to /events/batch."));
      }
      return draft;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /**
   * The events of a JSON array, in order. A faulty one does not spoil the others; JSON that does
   * not parse spoils all.
   *
   * @throws ProblemException 400 for what is no JSON array, 413 for too many
   */
  List<Item> readArray(byte[] posted, int maxEvents) {
    byte[] body = text(posted);
    List<Item> items = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new ProblemException(
            Problem.malformed(
                "A batch is a JSON array of events, or application/x-ndjson with one a line."));
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        requireRoom(items, maxEvents);
        items.add(readItem(parser, body));
      }
      if (parser.nextToken() != null) {
        throw new ProblemException(Problem.malformed("There is more after the array."));
      }
      return items;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** The events of a body with one event a line, in order; empty lines do not count. */
  List<Item> readLines(byte[] body, int maxEvents) {
    List<Item> items = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= body.length; i++) {
      if (i == body.length || body[i] == '\n') {
        if (!isBlank(body, start, i)) {
          requireRoom(items, maxEvents);
          items.add(readLine(java.util.Arrays.copyOfRange(body, start, i)));
        }
        start = i + 1;
      }
    }
    return items;
  }

  private static byte[] text(byte[] posted) {
    if (!Utf8.isValid(posted)) {
      throw new ProblemException(Problem.malformed("The body is no UTF-8. Encode it so."));
    }
    return Utf8.withoutMark(posted);
  }

  private Item readLine(byte[] line) {
    try {
      return new Item.Good(readOne(line));
    } catch (ProblemException e) {
      return new Item.Bad(e.problem());
    }
  }

  private Item readItem(JsonParser parser, byte[] body) throws IOException {
    try {
      return new Item.Good(readEvent(parser, body));
    } catch (ProblemException e) {
      return new Item.Bad(e.problem());
    }
  }

  /** Reads to the end of the value even if it is faulty, so that the next one can be read. */
  private Draft readEvent(JsonParser parser, byte[] body) throws IOException {
    EventFields fields = new EventFields();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      if (parser.currentToken() == null) {
        throw new ProblemException(Problem.malformed("The body is empty. Post an event."));
      }
      parser.skipChildren();
      throw new ProblemException(
          Problem.invalid(
              List.of(new Problem.Fault("", "must be an object with at least type and data"))));
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("data")) {
        fields.data(cut(parser, body));
      } else {
        fields.read(name, parser);
      }
    }
    return fields.toDraft(maxDataBytes);
  }

  private static Payload cut(JsonParser parser, byte[] body) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    // Strings and numbers are read lazily: without this their end is not known.
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return Payload.of(java.util.Arrays.copyOfRange(body, start, end));
  }

  private static void requireRoom(List<Item> items, int maxEvents) {
    if (items.size() == maxEvents) {
      throw new ProblemException(
          Problem.tooLarge("A batch may have at most " + maxEvents + " events. Split it."));
    }
  }

  private static boolean isBlank(byte[] body, int from, int to) {
    for (int i = from; i < to; i++) {
      if (body[i] != ' ' && body[i] != '\r' && body[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private static ProblemException malformed(IOException e) {
    return new ProblemException(Problem.malformed(JsonFault.inWords(e)));
  }

  /** One event of a batch. */
  sealed interface Item {
    /** It has the form of an event. */
    record Good(Draft draft) implements Item {}

    /** It has not; the others are not touched by it. */
    record Bad(Problem problem) implements Item {}
  }
}
