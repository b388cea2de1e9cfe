/**
 * Measures Posthaste and shows it at work, from outside: separate processes, public API only; and a
 * program of its own to compare with.
 */
package dev.posthaste.loadtest;
