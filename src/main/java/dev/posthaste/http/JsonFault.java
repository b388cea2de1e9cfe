package dev.posthaste.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/**
 * Says where a text stops being JSON, in our own words. Never quotes the text, which may hold
 * secrets, nor the parser.
 */
public final class JsonFault {
  private JsonFault() {}

  /**
   * Words for the client.
   *
   * @param failure of the parser; null if it gave none
   */
  public static String inWords(Throwable failure) {
    if (failure instanceof StreamConstraintsException) {
      return "The body is nested too deeply, or has a name or number that is too long.";
    }
    if (failure instanceof JsonProcessingException at && at.getLocation() != null) {
      JsonLocation place = at.getLocation();
      return "The body stops being JSON at line "
          + place.getLineNr()
          + ", column "
          + place.getColumnNr()
          + ".";
    }
    return "The body is not JSON. Send JSON in UTF-8.";
  }
}
