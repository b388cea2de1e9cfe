package dev.posthaste.loadtest.bench;

import java.io.IOException;

/** Who looks at the servers while a window is open. */
interface Watch {
  /** Nobody. */
  Watch NONE =
      new Watch() {
        @Override
        public void opened(Cluster cluster) {}

        @Override
        public void closed(Cluster cluster) {}
      };

  void opened(Cluster cluster) throws IOException;

  void closed(Cluster cluster) throws IOException;
}
