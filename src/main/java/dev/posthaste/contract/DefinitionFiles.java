package dev.posthaste.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads all files of one kind: those in the jar, then those of the operator's folder, where a file
 * of the same name takes the place of ours.
 */
final class DefinitionFiles {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  private final String folder;
  private final List<String> shipped;
  private final List<String> endings;
  private final ObjectMapper mapper;
  private final List<Fault> faults = new ArrayList<>();

  /**
   * @param folder on the class path
   * @param shipped names in that folder, without ending
   * @param endings of files, with the dot; the first one is that of the shipped files
   */
  DefinitionFiles(String folder, List<String> shipped, List<String> endings, ObjectMapper mapper) {
    this.folder = folder;
    this.shipped = shipped;
    this.endings = endings;
    this.mapper = mapper;
  }

  /**
   * Reads and compiles every file.
   *
   * @param own the operator's folder, if there is one
   * @param compile notes what is wrong in the section it is given; what it returns is used only if
   *     nothing is wrong
   * @throws InvalidDefinitionException if anything is wrong in any file
   */
  <T> Map<String, T> read(Optional<Path> own, Function<Definition, T> compile) {
    Map<String, Source> sources = new LinkedHashMap<>();
    shipped.forEach(name -> sources.put(name, shippedSource(name)));
    own.ifPresent(path -> addOwn(path, sources));
    Map<String, T> compiled = new LinkedHashMap<>();
    sources.forEach((name, source) -> compileOne(name, source, compile, compiled));
    if (!faults.isEmpty()) {
      throw new InvalidDefinitionException(faults);
    }
    return compiled;
  }

  private <T> void compileOne(
      String name, Source source, Function<Definition, T> compile, Map<String, T> compiled) {
    try (InputStream in = source.opened.open()) {
      JsonNode root = mapper.readTree(in);
      FaultList found = new FaultList(source.file, faults);
      if (!root.isObject()) {
        found.add("", "must hold keys and values, holds nothing of the kind");
        return;
      }
      compiled.put(name, compile.apply(new Definition(name, new Section(root, "", found))));
    } catch (JsonProcessingException e) {
      long line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      faults.add(new Fault(source.file, "line " + line, firstLine(e.getOriginalMessage())));
    } catch (IOException e) {
      faults.add(new Fault(source.file, "", "cannot be read: " + e));
    }
  }

  private Source shippedSource(String name) {
    String file = name + endings.get(0);
    String resource = "/" + folder + "/" + file;
    return new Source(
        file,
        () -> {
          InputStream in = DefinitionFiles.class.getResourceAsStream(resource);
          if (in == null) {
            throw new IOException("not on the class path: " + resource);
          }
          return in;
        });
  }

  private void addOwn(Path directory, Map<String, Source> sources) {
    try (Stream<Path> paths = Files.list(directory)) {
      paths.sorted().forEach(path -> addOwnFile(path, sources));
    } catch (IOException e) {
      faults.add(new Fault(directory.toString(), "", "must be a folder that can be read: " + e));
    }
  }

  private void addOwnFile(Path path, Map<String, Source> sources) {
    String file = String.valueOf(path.getFileName());
    Optional<String> ending = endings.stream().filter(file::endsWith).findFirst();
    if (ending.isEmpty() || file.startsWith(".")) {
      return;
    }
    String name = file.substring(0, file.length() - ending.get().length());
    if (NAME.matcher(name).matches()) {
      sources.put(name, new Source(file, () -> Files.newInputStream(path)));
    } else {
      faults.add(new Fault(file, "", "the name must match " + NAME));
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }

  private record Source(String file, Opening opened) {}

  private interface Opening {
    InputStream open() throws IOException;
  }

  /** One file being read. */
  record Definition(String name, Section root) {}
}
