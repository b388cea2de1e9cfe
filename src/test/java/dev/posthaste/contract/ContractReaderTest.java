package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractReaderTest {
  @TempDir Path folder;

  @Test
  void four_contracts_ship() {
    Contracts contracts = ContractReader.read(Optional.empty());

    assertThat(contracts.names())
        .containsExactlyInAnyOrder("standard", "casedev", "agentpost", "offload");
    assertThat(contracts.named("nobody")).isEmpty();
  }

  @Test
  void limits_and_policies_are_those_of_the_table() {
    assertThat(Samples.contract("standard").timeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(Samples.contract("casedev").timeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(Samples.contract("agentpost").timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(Samples.contract("offload").timeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(Samples.contract("standard").whileDisabled()).isEqualTo(MissedPolicy.RECOVERABLE);
    assertThat(Samples.contract("casedev").whileDisabled()).isEqualTo(MissedPolicy.RECOVERABLE);
    assertThat(Samples.contract("agentpost").whileDisabled()).isEqualTo(MissedPolicy.DROPPED);
  }

  @Test
  void an_operators_file_adds_a_contract_and_may_replace_a_shipped_one() throws IOException {
    write("slow.yaml", shipped("standard").replace("timeout: 15s", "timeout: 2m"));
    write("standard.yml", shipped("standard").replace("timeout: 15s", "timeout: 700ms"));
    write("README.md", "not a contract");

    Contracts contracts = ContractReader.read(Optional.of(folder));

    assertThat(contracts.names()).hasSize(5);
    assertThat(contracts.named("slow").orElseThrow().timeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(contracts.named("standard").orElseThrow().timeout())
        .isEqualTo(Duration.ofMillis(700));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timeout: 15s|timeout: 15|timeout: must be a duration from 100ms to 5m",
        "timeout: 15s|timeout: 15 s|timeout: must be a duration",
        "timeout: 15s|timeout: 6m|timeout: must be a duration",
        "timeout: 15s|tiemout: 15s|tiemout: unknown key; allowed here: alsoStandardHeaders",
        "timeout: 15s|tiemout: 15s|timeout: is required",
        "30s, 5m, 30m|30s, 5m, soon|retry.schedule[2]: must be a duration from 1ms to 7d",
        "[200ms, 1s]|[200ms, 9s]|retry.inline[1]: must be a duration from 1ms to 5s",
        "[200ms, 1s]|[3s, 3s]|retry.inline: must be 5s or less in all",
        "[200ms, 1s]|200ms|retry.inline: must be a list",
        "jitterPercent: 20|jitterPercent: 91|retry.jitterPercent: must be a whole number from 0 to 90",
        "jitterPercent: 20|jitterPercent: 0.2|retry.jitterPercent: must be a whole number",
        "[408, 429, 5xx]|[408, 6xx]|outcome.retried[1]: must be a status from 100 to 599",
        "[408, 429, 5xx]|[201, 5xx]|outcome.retried: must not hold what is in delivered",
        "gone: disable|gone: retry|outcome.gone: must be one of disable, fail; is \"retry\"",
        "data: data|data: date|envelope.data: must be one of event-id",
        "data: data|data: event-id|envelope: one key, and only one, shows the data",
        "signed: id-timestamp-body|signed: id|signature.signed: must be one of id-timestamp-body",
        "id: case-webhook-id|id: 'case webhook'|signature.headers.id: must be a header name",
        "id: case-webhook-id|id: Host|signature.headers.id: must not be host",
        "id: case-webhook-id|# none|signature.headers.id: is required",
        "id: case-webhook-id|id: case-webhook-signature|signature.headers: must be different",
        "name: case-webhook-replay|name: case-webhook-id|replayMarker.name: must not be a header",
        "alsoStandardHeaders: false|alsoStandardHeaders: 1|alsoStandardHeaders: must be true or false",
        "afterConsecutiveFailures: 50|afterConsecutiveFailures: 0|disable.afterConsecutiveFailures",
        "afterConsecutiveFailures: 50|# none|disable: must be never, or hold",
        "eventId: generated|eventId: random|eventId: must be one of generated, deterministic",
        "eventId: generated|eventId: generated\\neventId: generated|Duplicate"
      })
  void a_fault_is_named_with_its_place_and_what_is_allowed(
      String right, String wrong, String expected) throws IOException {
    String yaml = shipped("casedev");
    assertThat(yaml).contains(right);
    write("mine.yaml", yaml.replace(right, wrong.replace("\\n", "\n")));

    assertThat(faults())
        .anySatisfy(fault -> assertThat(fault).startsWith("mine.yaml: ").contains(expected));
  }

  @Test
  void all_faults_of_all_files_are_named_at_once() throws IOException {
    write("one.yaml", shipped("casedev").replace("15s", "15").replace("2xx", "9xx"));
    write("two.yaml", "envelope: 3\nsurprise: true\n");
    write("three.yaml", "a: [");
    write("four.yaml", "");
    write("Five!.yaml", shipped("casedev"));

    List<String> faults = faults();

    assertThat(faults).filteredOn(fault -> fault.startsWith("one.yaml: ")).hasSize(2);
    assertThat(faults)
        .filteredOn(fault -> fault.startsWith("two.yaml: "))
        .extracting(fault -> fault.split(": ", 3)[1])
        .containsExactlyInAnyOrder(
            "envelope",
            "surprise",
            "eventId",
            "signature",
            "retry",
            "outcome",
            "disable",
            "timeout",
            "whileDisabled");
    assertThat(faults).anyMatch(fault -> fault.startsWith("three.yaml: line "));
    assertThat(faults).anyMatch(fault -> fault.startsWith("four.yaml: must hold"));
    assertThat(faults).anyMatch(fault -> fault.startsWith("Five!.yaml: the name must match"));
  }

  @Test
  void a_folder_that_is_not_there_is_a_fault() {
    folder = folder.resolve("missing");

    assertThat(faults()).singleElement().asString().contains("must be a folder");
  }

  private List<String> faults() {
    InvalidDefinitionException thrown =
        catchThrowableOfType(
            InvalidDefinitionException.class, () -> ContractReader.read(Optional.of(folder)));
    assertThat(thrown).isNotNull();
    assertThat(thrown.getMessage().lines()).hasSize(thrown.faults().size());
    return thrown.faults().stream().map(Fault::toString).toList();
  }

  private void write(String file, String yaml) throws IOException {
    Files.writeString(folder.resolve(file), yaml);
  }

  private static String shipped(String name) throws IOException {
    return Files.readString(Path.of("conf/contracts", name + ".yaml"));
  }
}
