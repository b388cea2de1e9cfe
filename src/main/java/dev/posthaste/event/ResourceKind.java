package dev.posthaste.event;

import java.util.Locale;

/** The kinds of resource that an endpoint can be narrowed to. */
public enum ResourceKind {
  VAULT("vaultId"),
  MATTER("matterId");

  private final String dataField;

  ResourceKind(String dataField) {
    this.dataField = dataField;
  }

  /** The field of an event's data that holds the resource's id. */
  public String dataField() {
    return dataField;
  }

  /** The name in catalogs: lower case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
