package dev.posthaste.store;

import java.util.List;

/**
 * A column with values that {@link Sealer} has sealed.
 *
 * @param owner the column that says for whom they are sealed
 * @param order the columns of the primary key: in their order rows are locked
 */
record SealedColumn(String table, String column, String owner, String order) {
  /**
   * All there are. Whoever seals something new adds its line, or a change of keys would lose it.
   */
  static final List<SealedColumn> ALL =
      List.of(
          new SealedColumn("endpoint_secret", "sealed", "endpoint_id", "id"),
          new SealedColumn("tenant_secret", "sealed", "tenant_id", "id"),
          new SealedColumn("endpoint", "headers", "id", "id"),
          new SealedColumn("kept_answer", "body", "key_id", "key_id, name"));

  @Override
  public String toString() {
    return table + "." + column;
  }
}
