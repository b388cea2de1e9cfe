/** What operators look at: health, logging, and the port where they look. */
package dev.posthaste.ops;
