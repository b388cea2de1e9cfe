package dev.posthaste.loadtest.bench;

/** What servers have used since they started. */
record Usage(long cpuMicros, long allocatedBytes, long gcMillis) {
  static final Usage NONE = new Usage(0, 0, 0);

  Usage plus(Usage other) {
    return new Usage(
        cpuMicros + other.cpuMicros,
        allocatedBytes + other.allocatedBytes,
        gcMillis + other.gcMillis);
  }

  Usage minus(Usage other) {
    return new Usage(
        cpuMicros - other.cpuMicros,
        allocatedBytes - other.allocatedBytes,
        gcMillis - other.gcMillis);
  }
}
