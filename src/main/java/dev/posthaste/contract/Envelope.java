package dev.posthaste.contract;

import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Timestamps;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON object around an event's data. Keys and punctuation are compiled once; the data is
 * spliced in byte for byte, because receivers are promised what was posted.
 */
public final class Envelope {
  private final Part[] parts;

  /** What stands before each part. */
  private final byte[][] leads;

  private final EventIdScheme ids;

  /**
   * @param fields key on the wire to what it shows, in the order they are written
   */
  Envelope(Map<String, Part> fields, EventIdScheme ids) {
    this.ids = ids;
    this.parts = fields.values().toArray(Part[]::new);
    this.leads = new byte[parts.length][];
    int i = 0;
    for (String key : fields.keySet()) {
      leads[i] = lead(i == 0 ? '{' : ',', key);
      i++;
    }
  }

  /** The body of a message: the same for every endpoint of the contract. */
  Payload render(Event event, Tenant tenant) {
    byte[][] values = new byte[parts.length][];
    int size = 1;
    for (int i = 0; i < parts.length; i++) {
      values[i] = value(parts[i], event, tenant);
      size += leads[i].length + values[i].length;
    }
    byte[] body = new byte[size];
    int at = 0;
    for (int i = 0; i < parts.length; i++) {
      at = append(leads[i], body, at);
      at = append(values[i], body, at);
    }
    body[at] = '}';
    return Payload.of(body);
  }

  private byte[] value(Part part, Event event, Tenant tenant) {
    return switch (part) {
      case EVENT_ID -> JsonText.quoted(ids.idOf(event));
      case EVENT_TYPE -> JsonText.quoted(event.type());
      case OCCURRED_AT_ISO -> JsonText.quoted(Timestamps.iso(event.occurredAtMillis()));
      case OCCURRED_AT_MILLIS -> JsonText.number(event.occurredAtMillis());
      case OCCURRED_AT_SECONDS -> JsonText.number(Math.floorDiv(event.occurredAtMillis(), 1000L));
      case ORG_ID -> orNull(tenant.orgId());
      case ENV_ID -> orNull(tenant.envId());
      case DATA -> event.data().bytes();
    };
  }

  /** A tenant without the id shows null: the shape of the envelope never changes. */
  private static byte[] orNull(Optional<String> text) {
    return text.map(JsonText::quoted).orElseGet(JsonText::nullValue);
  }

  private static byte[] lead(char opening, String key) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(opening);
    out.writeBytes(JsonText.quoted(key));
    out.write(':');
    return out.toByteArray();
  }

  private static int append(byte[] piece, byte[] body, int at) {
    System.arraycopy(piece, 0, body, at, piece.length);
    return at + piece.length;
  }

  /** What a key of the envelope can show. */
  enum Part {
    EVENT_ID,
    EVENT_TYPE,
    OCCURRED_AT_ISO,
    OCCURRED_AT_MILLIS,
    OCCURRED_AT_SECONDS,
    ORG_ID,
    ENV_ID,
    DATA
  }
}
