package dev.posthaste.loadtest.bench;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Path;

/** Records the first server while a window is open, into a file that JFR's tools read. */
interface Recorder extends Watch {

  /** The JVM's own recorder. */
  static Recorder jfr(Path file) {
    return new Recorder() {
      @Override
      public void opened(Cluster cluster) throws IOException {
        // Below Vert.x, Netty and futures: our own frames are far down.
        cluster.management().command("jfrConfigure", "stackdepth=256");
        cluster.management().command("jfrStart", "name=bench", "settings=profile");
      }

      @Override
      public void closed(Cluster cluster) throws IOException {
        cluster.management().command("jfrStop", "name=bench", "filename=" + file);
      }
    };
  }

  /** The async-profiler, which also sees native code and the kernel. */
  static Recorder asyncProfiler(Path library, Path file) {
    return new Recorder() {
      @Override
      public void opened(Cluster cluster) throws IOException {
        tell(cluster, library, "start,jfr,event=cpu,interval=1ms,alloc=512k,file=" + file);
      }

      @Override
      public void closed(Cluster cluster) throws IOException {
        tell(cluster, library, "stop,jfr,file=" + file);
      }
    };
  }

  private static void tell(Cluster cluster, Path library, String command) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(String.valueOf(cluster.first().pid()));
      try {
        machine.loadAgentPath(library.toAbsolutePath().toString(), command);
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
      throw new IOException("cannot load " + library + " into the server", e);
    }
  }
}
