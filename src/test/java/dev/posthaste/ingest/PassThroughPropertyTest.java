package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.ContractReader;
import dev.posthaste.contract.Contracts;
import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Tenant;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever JSON is posted as data, however it is written, comes out of every contract so. */
class PassThroughPropertyTest {
  private static final Contracts CONTRACTS = ContractReader.read(Optional.empty());
  private static final String MARK = "\"the data\"";
  private static final Tenant TENANT =
      new Tenant(
          1, "acme", "Acme", "standard", Optional.empty(), Optional.of("org"), Optional.empty());

  private final EventReader reader = new EventReader(1 << 20);

  @Provide
  Arbitrary<String> contracts() {
    return Arbitraries.of(CONTRACTS.names());
  }

  @Provide
  Arbitrary<String> json() {
    return value(3);
  }

  private static Arbitrary<String> value(int depth) {
    Arbitrary<String> plain = Arbitraries.oneOf(numbers(), strings(), words());
    if (depth == 0) {
      return plain;
    }
    Arbitrary<String> inner = padded(Arbitraries.lazy(() -> value(depth - 1)));
    Arbitrary<String> list =
        inner.list().ofMaxSize(3).map(items -> "[" + String.join(",", items) + " ]");
    // Names may repeat: that is the receiver's affair.
    Arbitrary<String> entry =
        Combinators.combine(padded(strings()), inner).as((k, v) -> k + ":" + v);
    Arbitrary<String> object =
        entry.list().ofMaxSize(3).map(entries -> "{ " + String.join(",", entries) + "}");
    return Arbitraries.oneOf(plain, list, object);
  }

  private static Arbitrary<String> words() {
    return Arbitraries.of("true", "false", "null");
  }

  private static Arbitrary<String> numbers() {
    return Arbitraries.of(
        "0",
        "-0",
        "0.10",
        "1E5",
        "1e-7",
        "-1.50e+3",
        "9007199254740993",
        "123456789012345678901234567890",
        "1e999",
        "0.1000000000000000055511151231257827021181583404541015625");
  }

  private static Arbitrary<String> strings() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "a",
            "é",
            "漢",
            "😀",
            "/",
            "\\/",
            "\\\"",
            "\\\\",
            "\\u00e9",
            "\\u0000",
            "\\n",
            "\\ud83d\\ude00",
            "\\u0061",
            "{",
            "]",
            ",",
            ":",
            " ",
            "data",
            "</script>");
    return pieces.list().ofMaxSize(5).map(all -> "\"" + String.join("", all) + "\"");
  }

  private static Arbitrary<String> padded(Arbitrary<String> values) {
    Arbitrary<String> blanks = Arbitraries.of("", " ", "\n", "\t ", "\r\n");
    return Combinators.combine(blanks, values, blanks).as((a, value, b) -> a + value + b);
  }

  @Property
  void dataComesOutOfEveryContractAsItWentIn(
      @ForAll("json") String data, @ForAll("contracts") String name) {
    Payload kept = read("{ \"id\": \"x\" , \"data\" :\t" + data + " ,\"type\":\"a.b\"}");
    assertThat(kept.text()).isEqualTo(data);
    Contract contract = CONTRACTS.named(name).orElseThrow();
    String around = contract.body(event(Payload.of(MARK)), TENANT).text();
    assertThat(contract.body(event(kept), TENANT).text()).isEqualTo(around.replace(MARK, data));
  }

  @Property
  void inABatchToo(@ForAll("json") String one, @ForAll("json") String other) {
    String body = "[" + wrapped(one) + "\n," + wrapped(other) + "]";
    List<String> read =
        reader.readArray(body.getBytes(StandardCharsets.UTF_8), 10).stream()
            .map(item -> ((EventReader.Item.Good) item).draft().data().text())
            .toList();
    assertThat(read).containsExactly(one, other);
  }

  private static String wrapped(String data) {
    return "{\"type\":\"a.b\",\"data\":" + data + "}";
  }

  private Payload read(String body) {
    return reader.readOne(body.getBytes(StandardCharsets.UTF_8)).data();
  }

  private static Event event(Payload data) {
    return new Event(
        1,
        1,
        "a.b",
        1_774_131_900_007L,
        Optional.of("r"),
        Optional.empty(),
        data,
        Optional.empty(),
        List.of());
  }
}
