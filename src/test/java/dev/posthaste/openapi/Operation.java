package dev.posthaste.openapi;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One operation of the document, its references followed.
 *
 * @param method in upper case
 * @param path with its parameters in braces
 */
record Operation(String id, String method, String path, JsonObject json) {
  static final String OPERATOR = "operator";
  static final String PUBLIC = "public";

  /** Of bodies that may be anything. */
  static final String ANY_FILE = "text/plain";

  private static final String JSON = "application/json";
  private static final String ANY = "*/*";

  /**
   * Who may use it: the name of a permission, {@link #OPERATOR} or {@link #PUBLIC}.
   *
   * @throws AssertionError for an operation that does not say
   */
  String rule() {
    JsonArray security = json.getJsonArray("security");
    if (security == null) {
      throw new AssertionError(
          this
              + " says nowhere who may use it: give it 'security: [{bearer: [<permission or"
              + " operator>]}, {apiKey: [the same]}]', or 'security: []' if everybody may");
    }
    if (security.isEmpty()) {
      return PUBLIC;
    }
    Set<Object> roles =
        security.stream()
            .flatMap(scheme -> ((JsonObject) scheme).stream())
            .flatMap(scheme -> ((JsonArray) scheme.getValue()).stream())
            .collect(Collectors.toSet());
    if (roles.size() != 1 || security.size() != 2) {
      throw new AssertionError(
          this + " must name one permission, the same for bearer and apiKey: " + security.encode());
    }
    return (String) roles.iterator().next();
  }

  List<JsonObject> parameters(String in) {
    return json.getJsonArray("parameters", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .filter(parameter -> parameter.getString("in").equals(in))
        .toList();
  }

  boolean takes(String in, String name) {
    return parameters(in).stream().anyMatch(one -> one.getString("name").equals(name));
  }

  /** Whether it is about one thing that its path names. */
  boolean isAboutOne() {
    return path.contains("{");
  }

  boolean changes() {
    return !method.equals("GET");
  }

  /** Its path with the id of a thing in place of the parameter. */
  String pathOf(String thing) {
    return path.replaceFirst("\\{[^}]*}", thing.replace("\\", "\\\\").replace("$", "\\$"));
  }

  /** What stands before the first parameter: {@code endpoints} of {@code /v1/endpoints/{id}}. */
  String kind() {
    String before = path.substring(0, path.indexOf("/{"));
    return before.substring(before.lastIndexOf('/') + 1);
  }

  boolean takesBody() {
    return json.containsKey("requestBody");
  }

  /** The media types of its body and what the document says of each. */
  Map<String, Object> bodies() {
    return takesBody()
        ? json.getJsonObject("requestBody").getJsonObject("content").getMap()
        : Map.of();
  }

  /** The media type to send: JSON where that is possible. */
  String mediaType() {
    String sent = documentedType();
    return sent.equals(ANY) ? ANY_FILE : sent;
  }

  private String documentedType() {
    return bodies().containsKey(JSON) ? JSON : bodies().keySet().iterator().next();
  }

  /** What the document says of its body in the media type to send. */
  JsonObject body() {
    return json.getJsonObject("requestBody")
        .getJsonObject("content")
        .getJsonObject(documentedType());
  }

  /** What the document says of an answer. */
  Optional<JsonObject> answer(int status) {
    return Optional.ofNullable(
        json.getJsonObject("responses").getJsonObject(Integer.toString(status)));
  }

  /** Whether the answer shows that whoever asked was let in, whatever came of it. */
  boolean letsIn(int status) {
    boolean isStreamToOpen = answer(101).isPresent() && status == 400;
    boolean isLinkToSign = takes("query", "signature") && status == 403;
    return status / 100 == 2 || status == 409 || isStreamToOpen || isLinkToSign;
  }

  @Override
  public String toString() {
    return id + " (" + method + " " + path + ")";
  }
}
