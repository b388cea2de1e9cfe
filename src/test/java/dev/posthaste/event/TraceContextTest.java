package dev.posthaste.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

  @Test
  void aValidParentIsTakenApart() {
    TraceContext context = TraceContext.read(PARENT, null).orElseThrow();
    assertThat(context.parent()).isEqualTo(PARENT);
    assertThat(context.traceId()).isEqualTo(TRACE);
    assertThat(context.spanId()).isEqualTo(SPAN);
    assertThat(context.isSampled()).isTrue();
    assertThat(context.state()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      })
  void anInvalidParentIsNoContext(String parent) {
    assertThat(TraceContext.read(parent, "vendor=a")).isEmpty();
  }

  @Test
  void aLaterVersionIsReadAsTheOneWeKnowAndUnknownFlagsAreLeftOut() {
    assertThat(TraceContext.read("42-" + TRACE + "-" + SPAN + "-ff-what-comes", null))
        .map(TraceContext::parent)
        .contains("00-" + TRACE + "-" + SPAN + "-03");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vendor=a", "a@b=1,c=2 3", "a=1, ,b=2", "1x=!~"})
  void validStateIsKept(String state) {
    assertThat(TraceContext.read(PARENT, state)).flatMap(TraceContext::state).contains(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "vendor", "Vendor=a", "a=b=c", "a=\u00e9", "=a", "a="})
  void invalidStateIsLeftOutAndTheParentIsKept(String state) {
    Optional<TraceContext> context = TraceContext.read(PARENT, state);
    assertThat(context).isPresent();
    assertThat(context.get().state()).isEmpty();
  }

  @Test
  void stateHasAtMost512CharactersAnd32Members() {
    assertThat(state("a=" + "x".repeat(255))).isPresent();
    assertThat(state("a=" + "x".repeat(300))).isEmpty();
    assertThat(state(members(32))).isPresent();
    assertThat(state(members(33))).isEmpty();
    assertThat(state("a=" + "x".repeat(255) + ",b=" + "x".repeat(253))).isEmpty();
  }

  @Test
  void anotherSpanOfTheSameTraceKeepsEverythingElse() {
    TraceContext event = TraceContext.read(PARENT, "vendor=a").orElseThrow();
    TraceContext attempt = event.withSpan(TraceContext.newSpanId(() -> 255));
    assertThat(attempt.parent()).isEqualTo("00-" + TRACE + "-00000000000000ff-01");
    assertThat(attempt.state()).contains("vendor=a");
  }

  private static Optional<String> state(String text) {
    return TraceContext.read(PARENT, text).flatMap(TraceContext::state);
  }

  private static String members(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
  }
}
