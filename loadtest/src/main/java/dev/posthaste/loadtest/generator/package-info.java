/** Sends events over kept connections: at a fixed rate, or as fast as answers come back. */
package dev.posthaste.loadtest.generator;
