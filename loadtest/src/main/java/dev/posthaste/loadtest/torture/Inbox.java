package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.receiver.SignatureCheck;
import dev.posthaste.loadtest.torture.check.Arrival;
import dev.posthaste.loadtest.torture.check.History.Inflow;
import dev.posthaste.loadtest.torture.check.Subscription;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What came to one endpoint. Belongs to the receiver's event loop. */
final class Inbox {
  private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d{1,9})[,}]");

  private final Role role;
  private final RunClock clock;
  private final Map<Integer, List<Arrival>> arrivals = new HashMap<>();
  private Optional<SignatureCheck> check = Optional.empty();
  private int badSignatures;
  private int foreign;

  Inbox(Role role, RunClock clock) {
    this.role = role;
    this.clock = clock;
  }

  Role role() {
    return role;
  }

  void secret(String secret) {
    check = Optional.of(new SignatureCheck(secret));
  }

  /** Notes an attempt and says what to do with it. */
  Manner.Deed take(HttpServerRequest request, byte[] body) {
    if (!isSigned(request, body)) {
      badSignatures++;
      return Manner.Deed.REFUSE;
    }
    Matcher number = NUMBER.matcher(new String(body, java.nio.charset.StandardCharsets.UTF_8));
    if (!number.find()) {
      foreign++;
      return Manner.Deed.TAKE;
    }
    return note(Integer.parseInt(number.group(1)), request.getHeader("webhook-id"));
  }

  private boolean isSigned(HttpServerRequest request, byte[] body) {
    String id = request.getHeader("webhook-id");
    String timestamp = request.getHeader("webhook-timestamp");
    String signature = request.getHeader("webhook-signature");
    return id != null
        && signature != null
        && check.isPresent()
        && check.get().holds(id, timestamp, signature, body);
  }

  private Manner.Deed note(int number, String eventId) {
    List<Arrival> before = arrivals.computeIfAbsent(number, first -> new ArrayList<>(1));
    Manner.Deed deed = role.manner().deed(number, before.size());
    before.add(new Arrival(clock.micros(), answer(deed), eventId.hashCode()));
    return deed;
  }

  private static Arrival.Answer answer(Manner.Deed deed) {
    return switch (deed) {
      case TAKE -> Arrival.Answer.TAKEN;
      case REFUSE -> Arrival.Answer.REFUSED;
      case HANG -> Arrival.Answer.UNANSWERED;
      case RESET -> Arrival.Answer.CUT_OFF;
    };
  }

  /** What came so far; to be read once nothing comes any more. */
  Inflow inflow(Subscription subscription) {
    return new Inflow(subscription, arrivals, badSignatures, foreign);
  }
}
