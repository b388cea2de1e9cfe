/** The way in: an HTTP request becomes a durable event, then a list of deliveries to make. */
package dev.posthaste.ingest;
