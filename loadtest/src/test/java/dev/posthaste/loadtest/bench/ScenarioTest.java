package dev.posthaste.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ScenarioTest {
  @Test
  void oneInTenHangsOneInTenFailsAndOneIsFlooded() {
    assertThat(with(Role.HANGING)).hasSize(10);
    assertThat(with(Role.FAILING)).hasSize(10);
    assertThat(with(Role.FLOODED)).containsExactly(99);
    assertThat(with(Role.HEALTHY)).hasSize(79);
  }

  @Test
  void theSameEndpointsCountInBothRunsAndGetTheSame() {
    assertThat(
            IntStream.range(0, 100)
                .filter(Scenario.CALM.counted())
                .filter(Scenario.HURT.counted())
                .boxed())
        .isEqualTo(with(Role.HEALTHY));
    Load calm = Scenario.CALM.load(1_000);
    Load hurt = Scenario.HURT.load(1_000);
    double sum = hurt.weights().stream().mapToDouble(Double::doubleValue).sum();

    assertThat(hurt.rate() * hurt.weights().getFirst() / sum)
        .isCloseTo(calm.rate() / 100, within(1e-6));
  }

  @Test
  void theSameOnesTurnThatAreDisturbedElsewhere() {
    assertThat(IntStream.range(0, 100).filter(Scenario.TURNED.counted()).boxed())
        .isEqualTo(with(Role.HEALTHY));
    assertThat(Scenario.SOUND.role(3)).isEqualTo(Role.TURNS_TO_HANG);
    assertThat(Scenario.SOUND.role(6)).isEqualTo(Role.TURNS_TO_FAIL);
    assertThat(Scenario.SOUND.role(99)).isEqualTo(Role.HEALTHY);
    assertThat(Role.TURNS_TO_FAIL.url(6, 9000)).endsWith("/then/fail/500/6");
  }

  @Test
  void ofTheTwelveOfADrainTenAreHealthyAndOneTakesRetries() {
    assertThat(IntStream.range(0, 12).mapToObj(Scenario.DURING::role))
        .filteredOn(Role.HEALTHY::equals)
        .hasSize(10);
    assertThat(Scenario.DURING.role(10)).isEqualTo(Role.RETRIED);
    assertThat(Scenario.DURING.role(11)).isEqualTo(Role.GATED);
    assertThat(Role.RETRIED.endpoint(10, 9000).getJsonArray("retryDelaysSec")).containsExactly(1);
  }

  @Test
  void zipfGivesTheNthANthOfTheFirst() {
    List<Double> weights = Scenario.MANY.load(0).weights();

    assertThat(weights).hasSize(10_000);
    assertThat(weights.get(9)).isCloseTo(weights.getFirst() / 10, within(1e-9));
  }

  @Test
  void theServerOfInflightHasItsOwnHeap() {
    assertThat(Scenario.INFLIGHT.needs().options(List.of("-XX:+UseParallelGC", "-Xmx1g")))
        .containsExactly("-XX:+UseParallelGC", "-Xmx512m");
    assertThat(Scenario.MAX.needs().options(List.of("-Xmx1g"))).containsExactly("-Xmx1g");
  }

  @Test
  void studiesThatNeedTheSameShareTheirServers() {
    assertThat(Study.MAX.needs()).isEqualTo(Study.TLS.needs()).containsExactly(Needs.NONE);
    assertThat(Study.HISTORY.needs()).containsExactly(Needs.NONE, Needs.HISTORY);
    assertThat(Study.ENDPOINTS.needs()).containsExactly(Needs.NONE, Needs.SMALL);
  }

  @Test
  void anEventGoesToAsManyEndpointsAsItsTypeHas() {
    assertThat(Scenario.FANOUT.types() * Scenario.FANOUT.fanOut())
        .isEqualTo(Scenario.FANOUT.endpoints());
    assertThat(Scenario.MANY.types()).isEqualTo(10_000);
  }

  @Test
  void whatMustSettleIsWarmedUpForLonger() {
    assertThat(Scenario.INFLIGHT.warmup(10)).isEqualTo(60);
    assertThat(Scenario.INFLIGHT.warmup(90)).isEqualTo(90);
    assertThat(Scenario.MAX.warmup(10)).isEqualTo(10);
  }

  @Test
  void aRollingRestartHasAPostgresqlThatOutlivesTheNodesAndARateThatOneOfThemBears() {
    assertThat(Study.ROLLING.needs()).containsExactly(Needs.ROLLING);
    assertThat(Needs.ROLLING.base()).isEqualTo(Needs.Base.APART);
    assertThat(Needs.ROLLING.environment()).containsEntry("POSTHASTE_HTTP_READY_GRACE", "5s");
    assertThat(Scenario.ROLLING.usualRate()).isLessThan(Scenario.CALM.usualRate());
    assertThat(Scenario.ROLLING.load(1_500)).isEqualTo(Scenario.STANDING.load(1_500));
  }

  @Test
  void secureEndpointsAreBehindTheOtherDoors() {
    assertThat(Role.HEALTHY.url(3, 9000)).isEqualTo("http://127.0.0.4:9000/ok/3");
    assertThat(Role.SECURE.url(3, 9000)).isEqualTo("https://127.0.0.4:9001/ok/3");
    assertThat(Role.RESUMING.url(3, 9000)).isEqualTo("https://127.0.0.4:9002/once/3");
  }

  private static List<Integer> with(Role role) {
    return IntStream.range(0, 100).filter(i -> Scenario.HURT.role(i) == role).boxed().toList();
  }
}
