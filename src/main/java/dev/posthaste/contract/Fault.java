package dev.posthaste.contract;

/**
 * One thing wrong in a file.
 *
 * @param file its name
 * @param path where in it, for example {@code retry.schedule[2]}; empty for the file as a whole
 * @param message what is allowed there, and what stands there
 */
public record Fault(String file, String path, String message) {
  @Override
  public String toString() {
    return path.isEmpty() ? file + ": " + message : file + ": " + path + ": " + message;
  }
}
