package dev.posthaste.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.json.DecodeException;

/** Says where a text stops being JSON. Never quotes the text: it may hold secrets. */
final class JsonFault {
  private JsonFault() {}

  static String inWords(DecodeException failure) {
    if (failure.getCause() instanceof JsonProcessingException at && at.getLocation() != null) {
      JsonLocation place = at.getLocation();
      return "The body stops being JSON at line "
          + place.getLineNr()
          + ", column "
          + place.getColumnNr()
          + ".";
    }
    return "The body is not JSON. Send one JSON object in UTF-8.";
  }
}
