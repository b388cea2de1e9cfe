package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderValueTest {
  private static final String DATA =
      "{\"skipped\": {\"caseId\": 0}, \"caseId\": \"c-7\", \"n\": 1.50, \"yes\": true, \"none\": null,"
          + " \"a/b\": {\"~\": \"odd\"}, \"list\": [[1], {\"x\": \"deep\"}], \"data\": {\"y\": 5},"
          + " \"whole\": {\"p\" : [1, 2]}, \"empty\": \"\"}";

  @ParameterizedTest
  @CsvSource({
    "/data/caseId, c-7",
    "/caseId, c-7",
    "/data/n, 1.50",
    "/yes, true",
    "/data/a~1b/~0, odd",
    "/data/list/1/x, deep",
    "/data/list/0/0, 1",
    "/data/data/y, 5",
    "/data/whole, '{\"p\" : [1, 2]}'",
  })
  void readsTheValueAtThePointer(String pointer, String value) {
    assertThat(OrderValue.of(Payload.of(DATA), pointer)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "/data/none",
    "/data/empty",
    "/data/missing",
    "/data/caseId/deeper",
    "/data/list/2",
    "/data/list/01",
    "/data/list/-",
    "/data/list/99999999999999999999"
  })
  void whereThereIsNoValueTheKeyIsEmpty(String pointer) {
    assertThat(OrderValue.of(Payload.of(DATA), pointer)).isEmpty();
  }

  @Test
  void dataThatIsNoObjectCanBeTheValueItself() {
    assertThat(OrderValue.of(Payload.of("\"seven\""), "/data")).isEqualTo("seven");
    assertThat(OrderValue.of(Payload.of("7"), "/data/x")).isEmpty();
  }

  @Test
  void whatNoIndexWouldTakeIsHashed() {
    String longOne = OrderValue.of(Payload.of("{\"a\":\"" + "x".repeat(5_000) + "\"}"), "/a");
    String withNul = OrderValue.of(Payload.of("{\"a\":\"b\\u0000c\"}"), "/a");
    assertThat(longOne).startsWith("sha256:").hasSize(71);
    assertThat(withNul).startsWith("sha256:").hasSize(71).isNotEqualTo(longOne);
  }
}
