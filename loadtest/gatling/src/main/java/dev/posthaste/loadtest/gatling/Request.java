package dev.posthaste.loadtest.gatling;

/**
 * One request on its way.
 *
 * @param name of its leg
 * @param runs under which its events are booked
 * @param numbers of its events in those runs
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Request(String name, String key, byte[] body, int[] runs, int[] numbers) {
  int events() {
    return numbers.length;
  }
}
