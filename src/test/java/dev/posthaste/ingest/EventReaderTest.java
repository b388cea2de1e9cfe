package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private final EventReader reader = new EventReader(1_000_000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{ \"b\" : 1 ,\t\"a\":\r\n [ 2 , {} ] }",
        "\"\"",
        "\"text \\u00e9 \\\\ \\\" \\/ \\n\"",
        "\"\u00e9\u4e2d\ud83d\ude00\"",
        "\"\\ud83d\\ude00 \\ud800\"",
        "0",
        "-0",
        "-12.50",
        "1E+400",
        "1e-400",
        "12345678901234567890123456789012345678901234567890",
        "0.10000000000000000000000000000000000001",
        "true",
        "false",
        "null",
        "{\"a\":1,\"a\":2}",
        "[1, 2,3 ,\"]\",\"}\"]"
      })
  void dataComesOutByteForByteWhereverItStands(String data) {
    byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
    for (String form :
        List.of(
            "{\"type\":\"t\",\"data\":%s}",
            "{\"data\":%s,\"type\":\"t\"}",
            " \r\n{\"type\":\"t\" , \"data\" :\t %s \n }\n ",
            "{\"data\": %s ,\"occurredAt\":null,\"type\":\"t\",\"id\":\"\u4e2d\"}")) {
      Draft draft = reader.readOne(form.formatted(data).getBytes(StandardCharsets.UTF_8));
      assertThat(draft.data().bytes()).as(form).isEqualTo(bytes);
      assertThat(draft.type()).isEqualTo("t");
    }
    byte[] batch =
        ("[{\"data\":" + data + ",\"type\":\"t\"} , {\"type\":\"t\",\"data\":" + data + "}]")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(reader.readArray(batch, 9))
        .allSatisfy(
            item ->
                assertThat(((EventReader.Item.Good) item).draft().data().bytes()).isEqualTo(bytes));
  }

  @Test
  void readsEveryField() {
    Draft draft =
        one(
            "{\"type\":\"a.b_c-D.1\",\"data\":1,\"id\":\"k\",\"tenant\":\"acme\",\"resourceId\":\"r\","
                + "\"occurredAt\":\"2026-01-31T13:00:00.007+01:00\"}");
    assertThat(draft.type()).isEqualTo("a.b_c-D.1");
    assertThat(draft.key()).contains("k");
    assertThat(draft.tenant()).contains("acme");
    assertThat(draft.resourceId()).contains("r");
    assertThat(draft.occurredAtMillis()).hasValue(1_769_860_800_007L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{}                                        | /type /data",
        "{\"type\":\"t\"}                          | /data",
        "{\"data\":1}                              | /type",
        "{\"type\":null,\"data\":1}                | /type",
        "{\"type\":7,\"data\":1}                   | /type",
        "{\"type\":\"\",\"data\":1}                | /type",
        "{\"type\":\"a b\",\"data\":1}             | /type",
        "{\"type\":\"a..b\",\"data\":1}            | /type",
        "{\"type\":\".\",\"data\":1}            | /type",
        "{\"type\":\".a\",\"data\":1}            | /type",
        "{\"type\":\"a.\",\"data\":1}            | /type",
        "{\"type\":\"a.b.\",\"data\":1}            | /type",
        "{\"type\":\"a:b\",\"data\":1}            | /type",
        "{\"type\":\"é\",\"data\":1}            | /type",
        "{\"type\":\"a\\n\",\"data\":1}            | /type",
        "{\"type\":\"t\",\"data\":1,\"id\":{}}     | /id",
        "{\"type\":\"t\",\"data\":1,\"id\":\"\\u0000\"}          | /id",
        "{\"type\":\"t\",\"data\":1,\"id\":\"\\ud800\"}          | /id",
        "{\"type\":\"t\",\"data\":1,\"resourceId\":\"x\\udc00\"} | /resourceId",
        "{\"type\":\"t\",\"data\":1,\"tenant\":[1,[2]]}          | /tenant",
        "{\"type\":\"t\",\"data\":1,\"occurredAt\":\"soon\"}     | /occurredAt",
        "{\"type\":\"t\",\"data\":1,\"occurredAt\":\"2026-01-31T12:00:00\"} | /occurredAt",
        "{\"type\":\"t\",\"data\":1,\"occurredAt\":5}            | /occurredAt",
        "{\"type\":\"t\",\"data\":1,\"data\":2}    | /data",
        "{\"type\":\"t\",\"type\":\"t\",\"data\":1}              | /type",
        "{\"type\":\"t\",\"data\":1,\"a/b~c\":{\"data\":[]}}     | /a~1b~0c",
        "{\"typ\":\"t\",\"dat\":1,\"id\":1}        | /typ /dat /id /type /data",
      })
  void everyFaultIsNamedWithItsPlace(String body, String pointers) {
    Problem problem = problem(body);
    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.faults())
        .extracting(Problem.Fault::pointer)
        .containsExactlyInAnyOrder(pointers.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "{",
        "{\"type\"",
        "{\"type\":\"t\",\"data\":",
        "{\"type\":\"t\",\"data\":{\"a\":[1,2}",
        "{\"type\":\"t\",\"data\":\"abc",
        "{\"type\":\"t\",\"data\":tru}",
        "{\"type\":\"t\",\"data\":01}",
        "{\"type\":\"t\",\"data\":1.}",
        "{\"type\":\"t\",\"data\":NaN}",
        "{\"type\":\"t\",\"data\":'a'}",
        "{\"type\":\"t\",\"data\":\"\\x\"}",
        "{\"type\":\"t\",\"data\":\"a\nb\"}",
        "{\"type\":\"t\",\"data\":1,}",
        "{\"type\":\"t\",\"data\":1}}",
        "{\"type\":\"t\",\"data\":1} {}",
        "{\"type\":\"t\",\"data\":1} x",
        "{\"type\":\"t\",/**/\"data\":1}"
      })
  void whatIsNoJsonIsMalformed(String body) {
    assertThat(problem(body).status()).isEqualTo(400);
  }

  @Test
  void whereItStopsBeingJsonIsSaidInOurOwnWords() {
    assertThat(problem("{\"type\":\"t\",\n \"data\": oops}").detail())
        .isEqualTo("The body stops being JSON at line 2, column 15.");
    assertThat(problem(event("[".repeat(5_000))).detail())
        .startsWith("The body is nested too deeply");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"a\"", "[]", "null", "[{\"type\":\"t\",\"data\":1}]"})
  void anythingButAnObjectIsNoEvent(String body) {
    assertThat(problem(body).faults()).extracting(Problem.Fault::pointer).containsExactly("");
  }

  @Test
  void depthAndDigitsAreBounded() {
    assertThat(one(event("[".repeat(500) + "]".repeat(500))).data().size()).isEqualTo(1_000);
    assertThat(problem(event("[".repeat(100_000) + "]".repeat(100_000))).status()).isEqualTo(400);
    assertThat(problem(event("1".repeat(100_000))).status()).isEqualTo(400);
    assertThat(problem(event("{\"a\":".repeat(50_000))).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32", "ISO-8859-1"})
  void otherEncodingsAreMalformed(String charset) {
    byte[] body = event("\"\u00e9\"").getBytes(Charset.forName(charset));
    assertThat(problem(body).status()).isEqualTo(400);
  }

  @Test
  void bytesThatAreNoUtf8AreMalformedAlsoWithinData() {
    int[][] bad = {
      {0xff},
      {0xc0, 0x80},
      {0xed, 0xa0, 0x80},
      {0xf8, 0x88, 0x80, 0x80},
      {0xe2, 0x82},
      {0x80},
      {0xf4, 0x90, 0x80, 0x80}
    };
    for (int[] sequence : bad) {
      byte[] body = event("\"abcdef\"").getBytes(StandardCharsets.UTF_8);
      int at = new String(body, StandardCharsets.UTF_8).indexOf("abcdef");
      for (int i = 0; i < sequence.length; i++) {
        body[at + i] = (byte) sequence[i];
      }
      assertThat(problem(body).status()).isEqualTo(400);
    }
  }

  @Test
  void aByteOrderMarkIsPassedOver() {
    Draft draft = one("\ufeff" + event("{\"a\": \"\u4e2d\"}"));
    assertThat(draft.data().text()).isEqualTo("{\"a\": \"\u4e2d\"}");
  }

  @Test
  void tooMuchDataIsTooLarge() {
    EventReader small = new EventReader(10);
    assertThat(small.readOne(event("\"12345678\"").getBytes(StandardCharsets.UTF_8)).data().size())
        .isEqualTo(10);
    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class,
            () -> small.readOne(event("\"123456789\"").getBytes(StandardCharsets.UTF_8)));
    assertThat(refused.problem().status()).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.b", "A-1_.-._", "order.paid.v2", "0"})
  void aTypeIsWordsWithDotsBetween(String type) {
    byte[] body = ("{\"type\":\"" + type + "\",\"data\":1}").getBytes(StandardCharsets.UTF_8);
    assertThat(reader.readOne(body).type()).isEqualTo(type);
  }

  @Test
  void aBodyFullOfFaultsGetsABoundedAnswer() {
    StringBuilder body = new StringBuilder("{\"type\":\"t\",\"data\":1");
    for (int i = 0; i < 50_000; i++) {
      body.append(",\"x").append(i).append("\":1");
    }
    assertThat(problem(body.append('}').toString()).faults()).hasSizeBetween(50, 200);
  }

  @Test
  void oneFaultyEventOfAnArrayDoesNotSpoilTheOthers() {
    List<EventReader.Item> items =
        reader.readArray(
            ("[" + event("1") + ",{\"data\":{\"type\":[]}},7,[[1]]," + event("2") + "]")
                .getBytes(StandardCharsets.UTF_8),
            10);
    assertThat(items).hasSize(5);
    assertThat(items.get(0)).isInstanceOf(EventReader.Item.Good.class);
    assertThat(items.subList(1, 4)).hasOnlyElementsOfType(EventReader.Item.Bad.class);
    assertThat(items.get(4)).isInstanceOf(EventReader.Item.Good.class);
  }

  @Test
  void arraysHaveABoundAndMustBeWhole() {
    byte[] three =
        ("[" + event("1") + "," + event("2") + "," + event("3") + "]")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(reader.readArray(three, 3)).hasSize(3);
    assertThat(reader.readArray("[]".getBytes(StandardCharsets.UTF_8), 3)).isEmpty();
    for (String body : List.of("{}", "[", "[{}", "[] []", "[1,]", "")) {
      ProblemException refused =
          catchThrowableOfType(
              ProblemException.class,
              () -> reader.readArray(body.getBytes(StandardCharsets.UTF_8), 3));
      assertThat(refused).as(body).isNotNull();
      assertThat(refused.problem().status()).as(body).isEqualTo(400);
    }
    assertThat(
            catchThrowableOfType(ProblemException.class, () -> reader.readArray(three, 2))
                .problem()
                .status())
        .isEqualTo(413);
  }

  @Test
  void linesStandEachForThemselves() {
    String body = event("1") + "\r\n\n  \t\n{\"type\"\n" + event("\"\u00e9\"") + "\n" + event("3");
    List<EventReader.Item> items = reader.readLines(body.getBytes(StandardCharsets.UTF_8), 4);
    assertThat(items).hasSize(4);
    assertThat(items.get(1)).isInstanceOf(EventReader.Item.Bad.class);
    assertThat(((EventReader.Item.Good) items.get(2)).draft().data().text())
        .isEqualTo("\"\u00e9\"");
    assertThat(
            catchThrowableOfType(
                    ProblemException.class,
                    () -> reader.readLines(body.getBytes(StandardCharsets.UTF_8), 3))
                .problem()
                .status())
        .isEqualTo(413);
    assertThat(reader.readLines(new byte[0], 3)).isEmpty();
  }

  private static String event(String data) {
    return "{\"type\":\"t\",\"data\":" + data + "}";
  }

  private Draft one(String body) {
    return reader.readOne(body.getBytes(StandardCharsets.UTF_8));
  }

  private Problem problem(String body) {
    return problem(body.getBytes(StandardCharsets.UTF_8));
  }

  private Problem problem(byte[] body) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> reader.readOne(body));
    assertThat(refused).as(new String(body, StandardCharsets.UTF_8)).isNotNull();
    return refused.problem();
  }
}
