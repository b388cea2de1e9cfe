/** A real day in small: three systems' events, a dozen endpoints of every mood, and an audit. */
package dev.posthaste.loadtest.demo;
