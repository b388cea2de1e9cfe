package dev.posthaste.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which events an endpoint gets: {@link EventFilter} and {@link ResourceScopes}. */
class MatchingTest {
  @ParameterizedTest
  @CsvSource({
    "*, vault.created, true",
    "*, x, true",
    "vault.created, vault.created, true",
    "vault.created, vault.created.again, false",
    "vault.created, vault.create, false",
    "vault.*, vault.created, true",
    "vault.*, vault.ingest.completed, true",
    "vault.*, vault, false",
    "vault.*, vaults.created, false",
    "vault.ingest.*, vault.created, false",
    "Vault.*, vault.created, false",
  })
  void aFilterMatchesByNameOrByPrefixOfWholeWords(String filter, String type, boolean matches) {
    assertThat(new EventFilter(filter).matches(type)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "a.", ".a", "a..b", "*.a", "a.*.b", "a*", "**", "a.**", "a b", "\u00e9"})
  void otherTextsAreNoFilters(String text) {
    assertThat(EventFilter.isValid(text)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> new EventFilter(text));
  }

  @Test
  void filtersHaveABoundedLength() {
    assertThat(EventFilter.isValid("a".repeat(128))).isTrue();
    assertThat(EventFilter.isValid("a".repeat(129))).isFalse();
  }

  @Test
  void scopesNarrowOnlyTheirOwnKindOfResource() {
    ResourceScopes scopes = new ResourceScopes(Set.of("v1", "v2"), Set.of());
    assertThat(scopes.admit(Optional.of(ResourceKind.VAULT), Optional.of("v2"))).isTrue();
    assertThat(scopes.admit(Optional.of(ResourceKind.VAULT), Optional.of("v3"))).isFalse();
    assertThat(scopes.admit(Optional.of(ResourceKind.MATTER), Optional.of("m1"))).isTrue();
    assertThat(scopes.admit(Optional.empty(), Optional.of("v3"))).isTrue();
  }

  @Test
  void anEventThatDoesNotNameItsResourcePassesNoScopeOnItsKind() {
    ResourceScopes scopes = new ResourceScopes(Set.of(), Set.of("m1"));
    assertThat(scopes.admit(Optional.of(ResourceKind.MATTER), Optional.empty())).isFalse();
    assertThat(ResourceScopes.ALL.admit(Optional.of(ResourceKind.MATTER), Optional.empty()))
        .isTrue();
  }
}
