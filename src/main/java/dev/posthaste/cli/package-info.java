/** The commands that speak to a running server, by its HTTP API like any other client. */
package dev.posthaste.cli;
