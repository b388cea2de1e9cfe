package dev.posthaste.loadtest.generator;

import dev.posthaste.loadtest.wire.EventMark;
import dev.posthaste.loadtest.wire.Head;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A whole request with blanks for the marks of its events: sending is a copy and a few digits. */
final class EventTemplate {
  private final byte[] request;
  private final int[] marks;
  private final int[] ids;

  private EventTemplate(byte[] request, int[] marks, int[] ids) {
    this.request = request;
    this.marks = marks;
    this.ids = ids;
  }

  /**
   * A request that posts one event of each type; a batch if there are several.
   *
   * @param event what is in it besides its type
   */
  static EventTemplate of(Target target, List<String> types, Kind event) {
    List<String> events = types.stream().map(event::of).toList();
    boolean batch = types.size() > 1;
    String body = batch ? "[" + String.join(",", events) + "]" : events.getFirst();
    String head =
        """
        POST /webhooks/v1/events%s HTTP/1.1\r
        host: 127.0.0.1:%d\r
        authorization: Bearer %s\r
        content-type: application/json\r
        content-length: %d\r
        \r
        """
            .formatted(batch ? "/batch" : "", target.port(), target.key(), body.length());
    byte[] bytes = (head + body).getBytes(StandardCharsets.US_ASCII);
    return new EventTemplate(
        bytes,
        after(bytes, EventMark.lead(event.run)),
        event.named ? after(bytes, EventMark.idLead(event.run)) : new int[0]);
  }

  /**
   * What all events of a run have.
   *
   * @param dataBytes size of the data
   * @param named whether each has an id, by which the server knows it when it is sent again
   */
  record Kind(int run, int dataBytes, boolean named) {
    private String of(String type) {
      String start = "{" + EventMark.blank(run) + ",\"note\":\"";
      String data = start + "x".repeat(Math.max(0, dataBytes - start.length() - 2)) + "\"}";
      String id = named ? EventMark.blankId(run) + "," : "";
      return "{" + id + "\"type\":\"" + type + "\",\"data\":" + data + "}";
    }
  }

  private static int[] after(byte[] bytes, byte[] lead) {
    List<Integer> found = new ArrayList<>();
    int at = Head.indexOf(bytes, lead, 0, bytes.length);
    while (at >= 0) {
      found.add(at + lead.length);
      at = Head.indexOf(bytes, lead, at + lead.length, bytes.length);
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  int events() {
    return marks.length;
  }

  /** The request for events that are numbered from the first on. */
  Buffer fill(int first, long intendedMicros) {
    byte[] copy = request.clone();
    for (int i = 0; i < marks.length; i++) {
      EventMark.patch(copy, marks[i], first + i, intendedMicros);
    }
    for (int i = 0; i < ids.length; i++) {
      EventMark.patchId(copy, ids[i], first + i);
    }
    return Buffer.buffer(copy);
  }

  /** Where requests go. */
  record Target(int port, String key) {}
}
