/** Bytes of HTTP/1.1, cut and written at a cost that does not show in a measurement. */
package dev.posthaste.loadtest.wire;
