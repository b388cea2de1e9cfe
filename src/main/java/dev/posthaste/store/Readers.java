package dev.posthaste.store;

/** What answers questions about events and deliveries. For any event loop. */
public record Readers(
    EventPages events, CommitHorizon horizon, ExplainStore explains, StatsStore stats) {
  /** All of them over one database. */
  public static Readers of(Database database) {
    return new Readers(
        new EventPages(database),
        new CommitHorizon(database),
        new ExplainStore(database),
        new StatsStore(database));
  }
}
