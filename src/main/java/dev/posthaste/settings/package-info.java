/**
 * What the operator can set: immutable records, read once at start from {@code conf/posthaste.yaml}
 * (inside the program), a file of the operator's and the environment, with all faults reported at
 * once.
 */
package dev.posthaste.settings;
