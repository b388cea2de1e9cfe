package dev.posthaste.alert;

/** The event types of the catalog {@code operations}. */
enum AlertType {
  ENDPOINT_CREATED("endpoint.created"),
  ENDPOINT_UPDATED("endpoint.updated"),
  ENDPOINT_DELETED("endpoint.deleted"),
  ENDPOINT_DISABLED("endpoint.disabled"),
  ENDPOINT_ENABLED("endpoint.enabled"),
  DELIVERY_FAILING("delivery.failing"),
  DELIVERY_EXHAUSTED("delivery.exhausted"),
  DELIVERY_RECOVERED("delivery.recovered"),
  LANE_BACKLOG("lane.backlog");

  private final String code;

  AlertType(String code) {
    this.code = code;
  }

  /** Its name in the catalog. */
  String code() {
    return code;
  }
}
