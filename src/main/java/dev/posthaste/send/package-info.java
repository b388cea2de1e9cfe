/**
 * Posts to endpoints: one call, one attempt, one {@link dev.posthaste.event.Reply}. Holds every
 * limit that protects us from the far side (where a request may go, how long it may take, how much
 * may come back) and knows nothing of events, contracts or retries.
 */
package dev.posthaste.send;
