/** A receiver that costs a few microseconds per request, misbehaves by path and remembers. */
package dev.posthaste.loadtest.receiver;
