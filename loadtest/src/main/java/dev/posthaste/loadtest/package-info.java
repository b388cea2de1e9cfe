/** Measures Posthaste and shows it at work, from outside: separate processes, public API only. */
package dev.posthaste.loadtest;
