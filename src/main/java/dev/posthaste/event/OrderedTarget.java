package dev.posthaste.event;

/** A target that gets the event in order: after all of its key that were accepted before. */
public record OrderedTarget(long eventId, OrderKey key) {}
