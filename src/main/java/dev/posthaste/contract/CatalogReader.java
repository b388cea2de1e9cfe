package dev.posthaste.contract;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthaste.contract.DefinitionFiles.Definition;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.EventType;
import dev.posthaste.event.ResourceKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads catalogs of event types from JSON. As strict as {@link ContractReader}. */
public final class CatalogReader {
  private static final List<String> SHIPPED =
      List.of("casedev", "agentpost", "offload", "operations");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private CatalogReader() {}

  /**
   * The shipped catalogs and those of the operator.
   *
   * @param own a folder of further files, {@code <name>.json}; one named like a shipped catalog
   *     takes its place
   * @throws InvalidDefinitionException naming all faults of all files
   */
  public static Catalogs read(Optional<Path> own) {
    DefinitionFiles files = new DefinitionFiles("conf/catalogs", SHIPPED, List.of(".json"), MAPPER);
    return new Catalogs(files.read(own, CatalogReader::catalog));
  }

  /**
   * A catalog from the text that its file would have.
   *
   * @throws InvalidDefinitionException naming all faults
   */
  public static Catalog parse(String name, byte[] json) {
    return parse(json, root -> catalog(new Definition(name, root)));
  }

  /**
   * One entry of a catalog, as it would stand in a file.
   *
   * @throws InvalidDefinitionException naming all faults
   */
  public static EventType parseEntry(byte[] json) {
    return parse(json, CatalogReader::eventType);
  }

  private static <T> T parse(byte[] json, Function<Section, T> read) {
    List<Fault> faults = new ArrayList<>();
    T result = null;
    try {
      result = read.apply(new Section(MAPPER.readTree(json), "", new FaultList("", faults)));
    } catch (IOException e) {
      faults.add(new Fault("", "", "must be JSON without repeated keys: " + e.getMessage()));
    }
    if (!faults.isEmpty()) {
      throw new InvalidDefinitionException(faults);
    }
    return result;
  }

  private static Catalog catalog(Definition definition) {
    Section root = definition.root();
    Map<String, EventType> types = new LinkedHashMap<>();
    List<Section> entries = root.sections("eventTypes");
    for (Section entry : entries) {
      EventType type = eventType(entry);
      if (types.put(type.name(), type) != null) {
        entry.fault("type", "must stand once; " + type.name() + " stands twice");
      }
    }
    if (entries.isEmpty()) {
      root.missing("eventTypes", entries, "a list with at least one entry");
    }
    root.end();
    return new Catalog(definition.name(), types);
  }

  private static EventType eventType(Section entry) {
    String name = entry.text("type");
    if (name.contains("*") || !(name.isEmpty() || EventFilter.isValid(name))) {
      entry.fault("type", "must be a name such as vault.ingest.completed; is " + name);
    }
    EventType type =
        new EventType(
            name,
            entry.choice("stability", EventType.Stability.class),
            entry.optionalText("scope"),
            resource(entry),
            entry.text("description"),
            object(entry, "schema"),
            object(entry, "example"));
    entry.end();
    return type;
  }

  private static Optional<ResourceKind> resource(Section entry) {
    if (entry.raw("resource").filter(value -> !value.isNull()).isEmpty()) {
      return Optional.empty();
    }
    ResourceKind kind = entry.choice("resource", ResourceKind.class);
    boolean named =
        entry.raw("schema").filter(s -> s.at("/properties").has(kind.dataField())).isPresent();
    if (!named) {
      entry.fault("resource", "needs a property " + kind.dataField() + " in the schema");
    }
    return Optional.of(kind);
  }

  private static String object(Section entry, String key) {
    Optional<JsonNode> value = entry.raw(key);
    if (value.filter(JsonNode::isObject).isEmpty()) {
      entry.fault(key, "must be an object");
    }
    return value.map(JsonNode::toString).orElse("");
  }
}
