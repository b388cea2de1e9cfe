package dev.posthaste.send;

import java.util.Optional;

/**
 * What an endpoint said.
 *
 * @param excerpt the beginning of the body, as text
 * @param retryAfter the first header of that name, as it came
 */
record Answer(int status, String excerpt, Optional<String> retryAfter) {}
