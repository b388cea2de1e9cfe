/**
 * What an injector is told and what it writes down: plain Java and files, so that the injector
 * needs nothing else of this program.
 */
package dev.posthaste.loadtest.plan;
