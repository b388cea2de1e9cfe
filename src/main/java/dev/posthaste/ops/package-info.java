/** What operators look at: health, logging. */
package dev.posthaste.ops;
