package dev.posthaste.loadtest.torture.check;

/**
 * A fault that was done.
 *
 * @param detail on which nodes and how
 * @param blinding whether a node that lives on may miss what changes meanwhile
 */
public record FaultSpan(String kind, String detail, Span span, boolean blinding) {}
