/** The fixed scenarios on one machine, with what each process costs per event. Linux only. */
package dev.posthaste.loadtest.bench;
