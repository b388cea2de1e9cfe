/** What must hold after a torture run, told from what publisher and receiver wrote down. Pure. */
package dev.posthaste.loadtest.torture.check;
