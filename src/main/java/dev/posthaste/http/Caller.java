package dev.posthaste.http;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Tenant;

/** Who is calling and for which tenant. */
public record Caller(ApiKey key, Tenant tenant) {}
