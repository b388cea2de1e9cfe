/**
 * The management routes. The OpenAPI document says what a route takes and who may use it; a request
 * that gets past {@link dev.posthaste.api.OperationRoute} is an {@link dev.posthaste.api.ApiCall},
 * which an {@link dev.posthaste.api.Action} answers without knowing HTTP.
 */
package dev.posthaste.api;
