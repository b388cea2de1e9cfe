package dev.posthaste.contract;

import java.util.List;

/** Collects what is wrong in one file. */
record FaultList(String file, List<Fault> all) {
  void add(String path, String message) {
    all.add(new Fault(file, path, message));
  }
}
