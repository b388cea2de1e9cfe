package dev.posthaste.contract;

import dev.posthaste.event.Payload;
import java.util.List;

/**
 * What one attempt posts.
 *
 * @param headers in the order they are written; each name once
 * @param body exactly the bytes that were signed
 */
public record Message(List<Header> headers, Payload body) {
  public Message {
    headers = List.copyOf(headers);
  }
}
