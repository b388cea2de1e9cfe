package dev.posthaste.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.posthaste.event.Payload;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Collects the fields of one posted event and every fault in them. */
final class EventFields {
  /** A destination of the event's own. */
  static final String DIRECT_URL = "clientWebhookUrl";

  private static final int MAX_TYPE = 128;
  private static final int MAX_URL = 2_048;

  /** Enough to mend an event; a body full of faults must not make an answer larger than itself. */
  private static final int MAX_FAULTS = 100;

  private final List<Problem.Fault> faults = new ArrayList<>();

  /** Of the known ones only: a handful, which a list finds fastest. */
  private final List<String> seen = new ArrayList<>(4);

  private String tenant;
  private String type;
  private String key;
  private String resourceId;
  private String directUrl;
  private OptionalLong occurredAtMillis = OptionalLong.empty();
  private Payload data;

  void data(Payload value) {
    once("data");
    data = value;
  }

  /** Takes the value that the parser stands on. */
  void read(String name, JsonParser parser) throws IOException {
    switch (name) {
      case "type" -> type = text(name, parser, MAX_TYPE);
      case "id" -> key = text(name, parser, TextRule.MAX_LENGTH);
      case "tenant" -> tenant = text(name, parser, TextRule.MAX_LENGTH);
      case "resourceId" -> resourceId = text(name, parser, TextRule.MAX_LENGTH);
      case "occurredAt" -> occurredAtMillis = time(text(name, parser, TextRule.MAX_LENGTH));
      case DIRECT_URL -> directUrl = text(name, parser, MAX_URL);
      default -> {
        parser.skipChildren();
        fault(
            name,
            "is not known; an event has type, data, id, occurredAt, resourceId, clientWebhookUrl,"
                + " tenant");
      }
    }
  }

  Draft toDraft(int maxDataBytes) {
    if (!seen.contains("type")) {
      fault("type", "is missing: the event's type, such as order.paid");
    } else if (type != null && !isType(type)) {
      fault("type", "must be words of letters, digits, _ and - with dots between, like order.paid");
    }
    if (data == null) {
      fault("data", "is missing: what the receivers get, any JSON value");
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalid(faults));
    }
    if (data.size() > maxDataBytes) {
      throw new ProblemException(
          Problem.tooLarge(
              "data has " + data.size() + " bytes; at most " + maxDataBytes + " are taken."));
    }
    return new Draft(
        Optional.ofNullable(tenant),
        type,
        Optional.ofNullable(key),
        occurredAtMillis,
        Optional.ofNullable(resourceId),
        data,
        Optional.ofNullable(directUrl));
  }

  private void once(String name) {
    if (seen.contains(name)) {
      fault(name, "is given twice");
    } else {
      seen.add(name);
    }
  }

  private static boolean isType(String text) {
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isOfWord(c) && (c != '.' || !inWord)) {
        return false;
      }
      inWord = c != '.';
    }
    return inWord;
  }

  private static boolean isOfWord(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  /** The text, or null with a fault noted. JSON null counts as absent for optional fields. */
  private String text(String name, JsonParser parser, int maxLength) throws IOException {
    once(name);
    if (parser.currentToken() == JsonToken.VALUE_NULL && !name.equals("type")) {
      return null;
    }
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      parser.skipChildren();
      fault(name, "must be a string");
      return null;
    }
    String text = parser.getText();
    Optional<String> fault = TextRule.faultOf(text, maxLength);
    fault.ifPresent(message -> fault(name, message));
    return fault.isPresent() ? null : text;
  }

  private OptionalLong time(String text) {
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(OffsetDateTime.parse(text).toInstant().toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      fault("occurredAt", "must be a time with zone, like 2026-01-31T12:00:00.000Z");
      return OptionalLong.empty();
    }
  }

  private void fault(String name, String message) {
    if (faults.size() == MAX_FAULTS) {
      return;
    }
    faults.add(new Problem.Fault("/" + name.replace("~", "~0").replace("/", "~1"), message));
  }
}
