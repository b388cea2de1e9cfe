package dev.posthaste;

import dev.posthaste.settings.Settings;
import java.util.Optional;

/** What a newcomer sees on the terminal: the first key and three lines to paste. */
final class Welcome {
  private Welcome() {}

  /**
   * Prints to standard output, beside the log.
   *
   * @param firstKey the operator key, if this start has created it
   */
  @SuppressWarnings("SystemOut")
  static void print(Optional<String> firstKey, Settings settings, int port) {
    if (firstKey.isEmpty()) {
      return;
    }
    String base = "http://localhost:" + port + "/webhooks/v1";
    System.out.printf(
        """

        Your operator key, shown this once and kept in %s:

            export KEY=%s

        Create an endpoint, send it an event, see the delivery:

            curl -s %s/endpoints -H "Authorization: Bearer $KEY" -d '{"url":"http://localhost:9000/hook","eventTypeFilters":["*"]}' -H 'content-type: application/json'
            curl -s %s/events -H "Authorization: Bearer $KEY" -d '{"type":"order.paid","data":{"order":42}}' -H 'content-type: application/json'
            curl -s %s/deliveries -H "Authorization: Bearer $KEY"

        %n""",
        settings.data().dir().resolve(Bootstrap.KEY_FILE), firstKey.get(), base, base, base);
  }
}
