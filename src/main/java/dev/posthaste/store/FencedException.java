package dev.posthaste.store;

/** Another node has taken this one's work over: it must drop what it holds and join anew. */
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FencedException(int node, long epoch) {
    super("node " + node + " was taken over (epoch " + epoch + " is gone); joining anew");
  }
}
