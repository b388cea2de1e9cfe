package dev.posthaste.loadtest.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * A server that is measured.
 *
 * @param name as the table shows it
 * @param options for its JVM
 */
record Build(String name, Path jar, List<String> options) {}
