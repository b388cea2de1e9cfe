package dev.posthaste.send;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A name server on loopback that knows what a test tells it. */
final class FakeDns implements AutoCloseable {
  private static final int TYPE_A = 1;
  private static final int TYPE_AAAA = 28;

  private final DatagramSocket socket;
  private final AtomicInteger queries = new AtomicInteger();
  private final Map<String, IntFunction<Answer>> answers = new ConcurrentHashMap<>();

  private record Answer(int ttlSeconds, List<InetAddress> addresses) {}

  FakeDns() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    Thread.ofVirtual().start(this::serve);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  int queries() {
    return queries.get();
  }

  void know(String name, int ttlSeconds, InetAddress... addresses) {
    Answer answer = new Answer(ttlSeconds, List.of(addresses));
    answers.put(name, type -> answer);
  }

  /**
   * One IPv4 address after the other, over and over: a name that is somewhere else at each look-up.
   * A look-up may also ask for IPv6, which must not count: it would find the same address each
   * time.
   */
  void alternate(String name, InetAddress... addresses) {
    AtomicInteger turn = new AtomicInteger();
    Answer nothing = new Answer(0, List.of());
    answers.put(
        name,
        type ->
            type == TYPE_A
                ? new Answer(0, List.of(addresses[turn.getAndIncrement() % addresses.length]))
                : nothing);
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    byte[] bytes = new byte[512];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        socket.receive(packet);
        queries.incrementAndGet();
        byte[] answer = answer(bytes, packet.getLength());
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        return;
      }
    }
  }

  private byte[] answer(byte[] bytes, int length) {
    ByteBuffer query = ByteBuffer.wrap(bytes, 0, length);
    short id = query.getShort();
    query.position(12);
    StringBuilder name = new StringBuilder();
    for (int size = query.get(); size > 0; size = query.get()) {
      byte[] label = new byte[size];
      query.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
    }
    int type = query.getShort();
    int end = query.position() + 2;
    IntFunction<Answer> known = answers.get(name.toString());
    Answer answer = known == null ? null : known.apply(type);
    List<InetAddress> found = answer == null ? List.of() : ofType(answer.addresses(), type);
    ByteBuffer out = ByteBuffer.allocate(512).putShort(id);
    out.putShort((short) (answer == null ? 0x8183 : 0x8180)).putShort((short) 1);
    out.putShort((short) found.size()).putInt(0).put(bytes, 12, end - 12);
    for (InetAddress address : found) {
      byte[] data = address.getAddress();
      out.putShort((short) 0xc00c).putShort((short) type).putShort((short) 1);
      out.putInt(answer.ttlSeconds()).putShort((short) data.length).put(data);
    }
    return java.util.Arrays.copyOf(out.array(), out.position());
  }

  private static List<InetAddress> ofType(List<InetAddress> addresses, int type) {
    int length = type == TYPE_A ? 4 : type == TYPE_AAAA ? 16 : -1;
    return addresses.stream().filter(address -> address.getAddress().length == length).toList();
  }
}
