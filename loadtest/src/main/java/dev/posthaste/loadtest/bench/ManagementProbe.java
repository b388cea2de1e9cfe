package dev.posthaste.loadtest.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * What the JVM of a process on this machine counts, asked for over JMX. It costs nothing between
 * two questions. Needs a JDK, and the same user.
 */
final class ManagementProbe implements AutoCloseable {
  private static final String THREADS = "java.lang:type=Threading";
  private static final String COLLECTORS = "java.lang:type=GarbageCollector,*";
  private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

  /** Collectors that work beside the program count their pauses apart. */
  private static final String CONCURRENT = "Cycles";

  private final JMXConnector connector;
  private final MBeanServerConnection server;

  private ManagementProbe(JMXConnector connector) throws IOException {
    this.connector = connector;
    this.server = connector.getMBeanServerConnection();
  }

  /** The address is that of a process that we started: nobody else can answer. */
  @SuppressWarnings("BanJNDI")
  static ManagementProbe of(long pid) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
      try {
        JMXServiceURL address = new JMXServiceURL(machine.startLocalManagementAgent());
        return new ManagementProbe(JMXConnectorFactory.connect(address));
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException("the server's JVM cannot be attached to", e);
    }
  }

  /** By all threads since ever, those included that have ended. */
  long allocatedBytes() throws IOException {
    return number(THREADS, "TotalThreadAllocatedBytes");
  }

  /** How long it stood still for its garbage collector since ever. */
  long gcMillis() throws IOException {
    try {
      Set<ObjectName> collectors = server.queryNames(new ObjectName(COLLECTORS), null);
      long millis = 0;
      for (ObjectName collector : collectors) {
        if (!collector.getKeyProperty("name").endsWith(CONCURRENT)) {
          millis += number(collector.getCanonicalName(), "CollectionTime");
        }
      }
      return millis;
    } catch (JMException e) {
      throw new IOException(e);
    }
  }

  private long number(String bean, String attribute) throws IOException {
    try {
      return ((Number) server.getAttribute(new ObjectName(bean), attribute)).longValue();
    } catch (JMException e) {
      throw new IOException(e);
    }
  }

  /** A diagnostic command as {@code jcmd} has them, named as JMX does: {@code jfrStart}. */
  void command(String name, String... arguments) throws IOException {
    try {
      server.invoke(
          new ObjectName(COMMANDS),
          name,
          new Object[] {arguments},
          new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
