package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names: which addresses they lead to, and which of these are posted to. */
class SenderAddressesTest {
  private static final String ALLOWED = "127.0.0.1";

  private FakeDns dns;
  private SendRig rig;
  private RawReceiver receiver;

  @BeforeEach
  void open() throws IOException {
    dns = new FakeDns();
    receiver = new RawReceiver(RawReceiver.always(RawReceiver.OK));
    rig =
        new SendRig(
            SendSettings.DEFAULT
                .allowing(List.of(Cidr.parse(ALLOWED), Cidr.parse("127.0.0.2")))
                .asking(List.of(dns.address())));
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
    receiver.close();
    dns.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]"})
  void loopbackIsRefusedUnlessItIsAllowedByNameAndByAddress(String host) {
    try (SendRig strict = new SendRig(SendSettings.DEFAULT)) {
      Reply.Unanswered reply = strict.unanswered(url(host), SendRig.LONG);

      assertThat(reply.reason()).isEqualTo(Reason.TARGET_NOT_ALLOWED);
      assertThat(reply.address()).isEmpty();
      assertThat(reply.detail()).doesNotContain("127").doesNotContain("::1");
    }
    assertThat(receiver.connections()).isZero();
  }

  @Test
  void aNameIsPostedToByItsAddressAndKeepsItsHostHeader() throws IOException {
    dns.know("hooks.example", 60, ip(ALLOWED));

    Reply.Answered reply = rig.answered(url("hooks.example"));

    assertThat(reply.address()).hasValue("127.0.0.1:" + receiver.port());
    assertThat(receiver.requests().element())
        .contains("host: hooks.example:" + receiver.port() + "\r\n");
  }

  @Test
  void oneRefusedAddressRefusesTheName() throws IOException {
    dns.know("mixed.example", 60, ip(ALLOWED), ip("127.0.0.9"));
    dns.know("mixed6.example", 60, ip(ALLOWED), ip("fd00::1"));

    assertThat(rig.unanswered(url("mixed.example"), SendRig.LONG).reason())
        .isEqualTo(Reason.TARGET_NOT_ALLOWED);
    assertThat(rig.post(url("mixed6.example"), SendRig.LONG))
        .satisfiesAnyOf(
            reply ->
                assertThat(reply)
                    .isInstanceOfSatisfying(
                        Reply.Unanswered.class,
                        refused ->
                            assertThat(refused.reason()).isEqualTo(Reason.TARGET_NOT_ALLOWED)),
            // A machine without IPv6 does not even ask.
            reply -> assertThat(hasIpv6()).isFalse());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "127.0.0.9"
      })
  void aPrivateAddressAmongPublicOnesRefusesTheNameWhereverItStands(String inside)
      throws IOException {
    dns.know("first.example", 60, ip(inside), ip("93.184.216.34"), ip("93.184.216.35"));
    dns.know("last.example", 60, ip("93.184.216.34"), ip("93.184.216.35"), ip(inside));

    for (String name : List.of("first.example", "last.example")) {
      Reply.Unanswered reply = rig.unanswered(url(name), SendRig.LONG);

      assertThat(reply.reason()).isEqualTo(Reason.TARGET_NOT_ALLOWED);
      assertThat(reply.address()).isEmpty();
      assertThat(reply.detail()).doesNotContain(inside);
    }
  }

  /** The guard sees 127.0.0.2, where nobody listens; a second look-up would find the receiver. */
  @Test
  void theAddressThatWasCheckedIsTheOneThatIsConnectedTo() throws Exception {
    try (SendRig strict =
        new SendRig(
            SendSettings.DEFAULT
                .allowing(List.of(Cidr.parse("127.0.0.2")))
                .asking(List.of(dns.address())))) {
      for (int i = 0; i < 50; i++) {
        String name = "n" + i + ".rebind.example";
        dns.alternate(name, ip("127.0.0.2"), ip(ALLOWED));

        assertThat(strict.unanswered(url(name), SendRig.LONG).reason())
            .isIn(Reason.CONNECT, Reason.TARGET_NOT_ALLOWED);
      }
    }

    assertThat(receiver.connections()).isZero();
  }

  /** Without that {@link #theAddressThatWasCheckedIsTheOneThatIsConnectedTo} could not fail. */
  @Test
  void aNameThatAlternatesIsSomewhereElseAtEachLookUp() throws IOException {
    dns.alternate("rebind.example", ip("127.0.0.2"), ip(ALLOWED));

    assertThat(lookUp("rebind.example")).containsExactly(ip("127.0.0.2"));
    assertThat(lookUp("rebind.example")).containsExactly(ip(ALLOWED));
  }

  @Test
  void aNameThatTurnsToARefusedAddressIsRefusedOnceItsTimeToLiveIsOver() throws IOException {
    dns.know("rebind.example", 1, ip(ALLOWED));
    assertThat(rig.answered(url("rebind.example")).status()).isEqualTo(200);
    dns.know("rebind.example", 1, ip("127.0.0.9"));

    await()
        .until(
            () ->
                rig.post(url("rebind.example"), SendRig.LONG) instanceof Reply.Unanswered refused
                    && refused.reason() == Reason.TARGET_NOT_ALLOWED);
  }

  @Test
  void aNameThatMovesTakesItsNewConnectionsToTheNewAddress() throws IOException {
    dns.know("moving.example", 1, ip("127.0.0.2"));
    assertThat(rig.unanswered(url("moving.example"), SendRig.LONG).reason())
        .isEqualTo(Reason.CONNECT);
    dns.know("moving.example", 1, ip(ALLOWED));

    await().until(() -> rig.post(url("moving.example"), SendRig.LONG) instanceof Reply.Answered);
  }

  @Test
  void theNextAddressIsTriedIfOneCannotBeReached() throws IOException {
    dns.know("two.example", 60, ip("127.0.0.2"), ip(ALLOWED));

    assertThat(rig.answered(url("two.example")).address()).hasValue("127.0.0.1:" + receiver.port());
    assertThat(rig.answered(url("two.example")).status()).isEqualTo(200);
    assertThat(receiver.connections()).isOne();
  }

  @Test
  void anUnknownNameIsADnsErrorAndIsNotAskedForAgainAtOnce() {
    assertThat(rig.unanswered(url("unknown.example"), SendRig.LONG).reason()).isEqualTo(Reason.DNS);
    int asked = dns.queries();
    assertThat(rig.unanswered(url("unknown.example"), SendRig.LONG).reason()).isEqualTo(Reason.DNS);

    assertThat(dns.queries()).isEqualTo(asked);
  }

  @Test
  void manyPostsToOneNameAskOnce() throws IOException {
    dns.know("busy.example", 60, ip(ALLOWED));
    List<Future<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      replies.add(rig.start(url("busy.example"), SendRig.LONG));
    }

    assertThat(replies.stream().map(SendRig::await)).allMatch(Reply.Answered.class::isInstance);
    assertThat(dns.queries()).isLessThanOrEqualTo(2);
  }

  @Test
  void aNameServerThatIsSilentIsCutOffAtTheDeadline() {
    dns.close();

    Reply.Unanswered reply = rig.unanswered(url("silent.example"), 200);

    assertThat(reply.reason()).isIn(Reason.TIMEOUT, Reason.DNS);
    assertThat(reply.latencyMicros()).isLessThan(10_000_000);
  }

  @Test
  void addressesOfOneNameAreNotTakenForEachOther() throws IOException {
    InetAddress first = InetAddress.getByAddress("same.example", ip("127.0.0.1").getAddress());
    InetAddress second = InetAddress.getByAddress("same.example", ip("127.0.0.2").getAddress());

    Addresses addresses = new Addresses(List.of(first, second), 80);
    Addresses.Address before = addresses.current();
    addresses.leave(before);
    addresses.leave(before);

    assertThat(addresses.current().socket()).isNotEqualTo(before.socket());
    assertThat(addresses.current().text()).isEqualTo("127.0.0.2:80");
  }

  /** As the sender does it, past what it has kept. */
  private List<InetAddress> lookUp(String name) {
    return SendRig.await(
        rig.onLoop(
            () -> {
              ContextInternal loop = (ContextInternal) Vertx.currentContext();
              NameLookup lookup = new NameLookup(loop, List.of(dns.address()));
              return lookup
                  .find(name)
                  .map(NameLookup.Found::addresses)
                  .onComplete(found -> lookup.close());
            }));
  }

  private String url(String host) {
    return "http://" + host + ":" + receiver.port() + "/";
  }

  private static InetAddress ip(String address) throws UnknownHostException {
    return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(address));
  }

  private static boolean hasIpv6() {
    return !NetUtil.isIpV4StackPreferred()
        && NetUtil.NETWORK_INTERFACES.stream()
            .flatMap(java.net.NetworkInterface::inetAddresses)
            .anyMatch(address -> address.getAddress().length == 16 && !address.isLoopbackAddress());
  }
}
