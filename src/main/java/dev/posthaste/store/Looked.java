package dev.posthaste.store;

import java.util.List;
import java.util.Optional;

/**
 * What one look into a long list found. A look is bounded: it may find less than was asked for, or
 * nothing, and still have more before it.
 *
 * @param <P> a place in the list
 * @param stoppedAt the last place that was looked at; none if the list ended
 */
public record Looked<T, P>(List<T> rows, Optional<P> stoppedAt) {}
