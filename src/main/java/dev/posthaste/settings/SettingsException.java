package dev.posthaste.settings;

import java.util.List;

/** The settings cannot be used. The message lists every fault, one per line, without secrets. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  SettingsException(List<String> faults) {
    super(message(faults));
    this.faults = List.copyOf(faults);
  }

  /** Each fault: where it is, what is wrong, what is allowed. */
  public List<String> faults() {
    return faults;
  }

  private static String message(List<String> faults) {
    String head =
        faults.size() == 1 ? "1 setting is wrong:" : faults.size() + " settings are wrong:";
    return head + "\n  " + String.join("\n  ", faults);
  }
}
