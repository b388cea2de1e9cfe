/** Events of a tenant as they are accepted, over a WebSocket: best effort, nothing is kept. */
package dev.posthaste.stream;
