package dev.posthaste.contract;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthaste.contract.DefinitionFiles.Definition;
import dev.posthaste.event.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Reads contracts from YAML. Strict: an unknown key, a wrong type or an impossible value stops the
 * start, because a contract that is half understood sends what nobody can verify.
 */
public final class ContractReader {
  private static final List<String> SHIPPED =
      List.of("standard", "casedev", "agentpost", "offload");
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final DurationRange TIMEOUT =
      new DurationRange(Duration.ofMillis(100), Duration.ofMinutes(5));
  private static final DurationRange INLINE = new DurationRange(MILLI, Duration.ofSeconds(5));
  private static final DurationRange BACKGROUND = new DurationRange(MILLI, Duration.ofDays(7));
  private static final DurationRange FAILING =
      new DurationRange(Duration.ofMinutes(1), Duration.ofDays(90));
  private static final int MOST_RETRIES = 50;
  private static final int MOST_JITTER_PERCENT = 90;
  private static final Pattern STATUS = Pattern.compile("[1-5](?:xx|\\d\\d)");

  private ContractReader() {}

  /**
   * The shipped contracts and those of the operator.
   *
   * @param own a folder of further files, {@code <name>.yaml}; one named like a shipped contract
   *     takes its place
   * @throws InvalidDefinitionException naming all faults of all files
   */
  public static Contracts read(Optional<Path> own) {
    YAMLMapper mapper =
        YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    DefinitionFiles files =
        new DefinitionFiles("conf/contracts", SHIPPED, List.of(".yaml", ".yml"), mapper);
    return new Contracts(files.read(own, ContractReader::contract));
  }

  private static Contract contract(Definition definition) {
    Section root = definition.root();
    EventIdScheme ids = root.choice("eventId", EventIdScheme.class);
    Contract contract =
        new Contract(
            definition.name(),
            ids,
            envelope(root.section("envelope"), ids),
            SignatureReader.read(root),
            replayMarker(root),
            retry(root.section("retry")),
            outcomes(root.section("outcome")),
            disable(root),
            root.duration("timeout", TIMEOUT)
                .orElseGet(() -> root.missing("timeout", MILLI, "a duration such as 15s")),
            root.choice("whileDisabled", MissedPolicy.class));
    if (contract.replayMarker().filter(marker -> isSigned(marker, contract)).isPresent()) {
      root.fault("replayMarker.name", "must not be a header of the signature");
    }
    root.end();
    return contract;
  }

  private static Envelope envelope(Section section, EventIdScheme ids) {
    Map<String, Envelope.Part> fields = new LinkedHashMap<>();
    for (String key : section.keys()) {
      fields.put(key, section.choice(key, Envelope.Part.class));
    }
    long data = fields.values().stream().filter(part -> part == Envelope.Part.DATA).count();
    if (data != 1) {
      section.fault("", "one key, and only one, shows the data");
    }
    return new Envelope(fields, ids);
  }

  private static Optional<Header> replayMarker(Section root) {
    if (root.raw("replayMarker").isEmpty()) {
      return Optional.empty();
    }
    Section section = root.section("replayMarker");
    Header marker = new Header(HeaderNames.read(section, "name"), section.text("value"));
    if (!HeaderNames.isValue(marker.value())) {
      section.fault("value", "must be printable ASCII");
    }
    section.end();
    return Optional.of(marker);
  }

  private static boolean isSigned(Header marker, Contract contract) {
    return contract.signatures().stream()
        .anyMatch(scheme -> scheme.names().all().contains(marker.name()));
  }

  private static RetrySchedule retry(Section section) {
    List<Duration> inline = section.durations("inline", INLINE);
    List<Duration> background = section.durations("schedule", BACKGROUND);
    int jitter = section.number("jitterPercent", 0, MOST_JITTER_PERCENT).orElse(20);
    if (section.raw("schedule").isEmpty()) {
      section.missing("schedule", background, "a list of durations; [] for one attempt only");
    }
    if (inline.stream().reduce(Duration.ZERO, Duration::plus).compareTo(INLINE.max()) > 0) {
      section.fault("inline", "must be 5s or less in all: the delivery waits in memory");
    }
    if (inline.size() + background.size() > MOST_RETRIES) {
      section.fault("schedule", "must be at most " + MOST_RETRIES + " retries, inline included");
    }
    section.end();
    return new RetrySchedule(inline, background, jitter);
  }

  private static OutcomeRules outcomes(Section section) {
    BitSet delivered = statuses(section, "delivered");
    BitSet retried = statuses(section, "retried");
    if (delivered.intersects(retried)) {
      section.fault("retried", "must not hold what is in delivered");
    }
    Verdict unanswered =
        section.choice("unanswered", Unanswered.class) == Unanswered.RETRY
            ? Verdict.RETRY
            : Verdict.FAILED;
    Verdict gone =
        section.choice("gone", Gone.class) == Gone.DISABLE ? Verdict.GONE : Verdict.FAILED;
    section.end();
    return new OutcomeRules(delivered, retried, unanswered, gone);
  }

  private static BitSet statuses(Section section, String key) {
    BitSet statuses = new BitSet();
    if (section.raw(key).isEmpty()) {
      section.missing(key, statuses, "a list such as [2xx] or [408, 429, 5xx]");
    }
    for (String text : section.list(key, (item, index) -> status(section, key + index, item))) {
      int first = Integer.parseInt(text.replace("xx", "00"));
      statuses.set(first, text.endsWith("xx") ? first + 100 : first + 1);
    }
    return statuses;
  }

  private static String status(Section section, String key, JsonNode item) {
    String text = item.asText();
    if (STATUS.matcher(text).matches()) {
      return text;
    }
    section.fault(key, Section.wrong("a status from 100 to 599, or a class such as 5xx", item));
    return "100";
  }

  private static DisableRule disable(Section root) {
    if (root.says("disable", "never")) {
      return DisableRule.NEVER;
    }
    Section section = root.section("disable", "never, or keys and values");
    Optional<Integer> failures = section.number("afterConsecutiveFailures", 1, 1_000_000);
    Optional<Duration> failingFor = section.duration("afterFailingFor", FAILING);
    Optional<String> announcement = section.optionalText("announce");
    section.end();
    if (failures.isEmpty() && failingFor.isEmpty()) {
      section.fault("", "must be never, or hold afterConsecutiveFailures or afterFailingFor");
    }
    OptionalInt limit = failures.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    return new DisableRule(limit, failingFor, announcement);
  }

  private enum Unanswered {
    RETRY,
    FAIL
  }

  private enum Gone {
    DISABLE,
    FAIL
  }
}
