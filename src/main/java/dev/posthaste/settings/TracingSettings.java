package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.fraction;
import static dev.posthaste.settings.Forms.httpUrl;

import java.net.URI;
import java.util.Optional;

/**
 * The export of spans to OpenTelemetry.
 *
 * @param otlpEndpoint where spans go, by OTLP over HTTP; none: nothing is recorded
 * @param sampleRatio which part of the events that come without a trace begins one, 0 to 1
 */
public record TracingSettings(Optional<URI> otlpEndpoint, double sampleRatio) {
  static TracingSettings from(Section in) {
    return new TracingSettings(
        in.optional("otlpEndpoint", httpUrl()), in.one("sampleRatio", fraction()));
  }
}
