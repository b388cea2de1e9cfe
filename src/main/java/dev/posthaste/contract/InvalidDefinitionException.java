package dev.posthaste.contract;

import java.util.List;
import java.util.stream.Collectors;

/** Contracts or catalogs that cannot be used. Names everything wrong in all files at once. */
public final class InvalidDefinitionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  InvalidDefinitionException(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  /** In the order of the files and of what stands in them; at least one. */
  public List<Fault> faults() {
    return faults;
  }
}
