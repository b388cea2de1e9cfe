package dev.posthaste.contract;

/**
 * One header line of a message.
 *
 * @param name lower case where it is ours, as its owner wrote it where it is an endpoint's
 */
public record Header(String name, String value) {
  /** The name only: values may be credentials of a receiver. */
  @Override
  public String toString() {
    return name;
  }
}
