/** The injector: an open model of publishers, made of Gatling's virtual users. */
package dev.posthaste.loadtest.gatling;
