/** Work that goes on for longer than a request, paced so that live deliveries do not feel it. */
package dev.posthaste.jobs;
