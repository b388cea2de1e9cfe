/** The packaged server and other child processes, started, watched and stopped. */
package dev.posthaste.loadtest.server;
