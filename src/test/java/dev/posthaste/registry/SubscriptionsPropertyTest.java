package dev.posthaste.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventFilter;
import dev.posthaste.support.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The endpoints of a type are those that would be found by asking each of them. */
class SubscriptionsPropertyTest {
  @Provide
  Arbitrary<String> types() {
    return Arbitraries.of("a", "ab", "b", "a-b", "_")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(pieces -> String.join(".", pieces));
  }

  @Provide
  Arbitrary<List<List<EventFilter>>> filters() {
    Arbitrary<String> named =
        Combinators.combine(types(), Arbitraries.of("", ".*")).as((type, end) -> type + end);
    return Arbitraries.oneOf(named, Arbitraries.just("*"))
        .map(EventFilter::new)
        .list()
        .ofMaxSize(4)
        .list()
        .ofMaxSize(12);
  }

  @Property
  void noEndpointIsForgottenAndNoneIsAddedThatDoesNotWantTheType(
      @ForAll("filters") List<List<EventFilter>> filters, @ForAll("types") String type) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (List<EventFilter> some : filters) {
      Endpoint plain = Samples.endpoint(endpoints.size() + 1L, 1, "http://a");
      endpoints.add(Samples.filtered(plain, some));
    }

    Set<Endpoint> found = new Subscriptions(endpoints).of(type).collect(Collectors.toSet());

    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            endpoints.stream().filter(one -> one.wantsType(type, Optional.empty())).toList());
  }
}
