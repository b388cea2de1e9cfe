/**
 * The load test: a server, a receiver and Gatling's injector, each a process of its own; profiles
 * of load, what came of them, and whether that may be believed.
 */
package dev.posthaste.loadtest.load;
