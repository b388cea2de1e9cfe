package dev.posthaste.api;

import dev.posthaste.http.JsonFault;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Checks a request against its operation in the document. The library would stop at the first fault
 * and speak of schemas; this one finds all of them and says them in words. For any event loop.
 */
final class RequestCheck {
  private static final String JSON = "application/json";

  private final List<ParameterCheck> parameters;
  private final Optional<SchemaCheck> body;
  private final boolean bodyRequired;

  RequestCheck(Operation operation, SchemaRepository schemas) {
    parameters =
        operation.getParameters().stream()
            .filter(parameter -> parameter.getIn() != Location.HEADER)
            .map(parameter -> new ParameterCheck(parameter, schemas))
            .toList();
    body =
        Optional.ofNullable(operation.getRequestBody())
            .map(content -> content.determineContentType(JSON))
            .map(type -> new SchemaCheck(type.getSchema(), schemas));
    bodyRequired = body.isPresent() && operation.getRequestBody().isRequired();
  }

  boolean takesBody() {
    return body.isPresent();
  }

  /** A body that says what it is must be JSON. */
  void contentType(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (takesBody()
        && type != null
        && !type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON)) {
      throw new ProblemException(
          Problem.unsupportedMediaType("Send application/json instead of " + type + "."));
    }
  }

  /** The parameters of path and query by name; what is not given is not in it. */
  Map<String, Object> parameters(HttpServerRequest request, Map<String, String> path) {
    Map<String, Object> values = new HashMap<>();
    List<Fault> faults = new ArrayList<>();
    for (ParameterCheck check : parameters) {
      String name = check.parameter.getName();
      String text = check.inPath() ? path.get(name) : request.getParam(name);
      if (text != null) {
        Object value = check.value(text);
        faults.addAll(check.schema.faults(value, check.pointer()));
        values.put(name, value);
      }
    }
    refuse(faults);
    return values;
  }

  /** The body as JSON; empty where the operation takes none or may go without. */
  JsonObject body(Buffer bytes) {
    if (body.isEmpty()) {
      return new JsonObject();
    }
    if (bytes.length() == 0 && !bodyRequired) {
      return new JsonObject();
    }
    if (bytes.length() == 0) {
      throw new ProblemException(Problem.malformed("The body is empty. Send a JSON object."));
    }
    Object json = decode(bytes);
    refuse(body.get().faults(json, ""));
    return (JsonObject) json;
  }

  private static Object decode(Buffer bytes) {
    try {
      return Json.decodeValue(bytes);
    } catch (DecodeException e) {
      throw new ProblemException(Problem.malformed(JsonFault.inWords(e.getCause())));
    }
  }

  private static void refuse(List<Fault> faults) {
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalid(faults));
    }
  }

  /** One parameter; numbers come as text. */
  private static final class ParameterCheck {
    private final Parameter parameter;
    private final SchemaCheck schema;

    ParameterCheck(Parameter parameter, SchemaRepository schemas) {
      this.parameter = parameter;
      this.schema = new SchemaCheck(parameter.getSchema(), schemas);
    }

    boolean inPath() {
      return parameter.getIn() == Location.PATH;
    }

    String pointer() {
      return (inPath() ? "/path/" : "/query/") + parameter.getName();
    }

    Object value(String text) {
      if (!"integer".equals(parameter.getSchema().get("type"))) {
        return text;
      }
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        return text;
      }
    }
  }
}
