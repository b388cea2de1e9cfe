/**
 * The queue of one endpoint and how fast it may drain. Pure: no I/O, no framework, time is handed
 * in. Everything here belongs to one event loop.
 */
package dev.posthaste.lane;
