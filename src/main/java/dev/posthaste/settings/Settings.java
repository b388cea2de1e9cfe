package dev.posthaste.settings;

/** Everything that can be set, checked. Each running part gets only its own record of these. */
public record Settings(
    HttpSettings http,
    DatabaseSettings database,
    DataSettings data,
    OperatorSettings operator,
    EncryptionSettings encryption,
    TargetSettings targets,
    IngestSettings ingest,
    ApiSettings api,
    DeliverySettings delivery,
    FairnessSettings fairness,
    BreakerSettings breaker,
    DirectSettings direct,
    DeferredSettings deferred,
    JobSettings jobs,
    ClusterSettings cluster,
    AlertSettings alerts,
    RegistrySettings registry,
    RetentionSettings retention,
    ContractSettings contracts,
    CatalogSettings catalogs,
    LoggingSettings logging,
    MetricsSettings metrics,
    TracingSettings tracing,
    AttachmentSettings attachments,
    StreamSettings stream) {

  static Settings from(Values values) {
    return new Settings(
        HttpSettings.from(values.section("http")),
        DatabaseSettings.from(values.section("database")),
        DataSettings.from(values.section("data")),
        OperatorSettings.from(values.section("operator")),
        EncryptionSettings.from(values.section("encryption")),
        TargetSettings.from(values.section("targets")),
        IngestSettings.from(values.section("ingest")),
        ApiSettings.from(values.section("api")),
        DeliverySettings.from(values.section("delivery")),
        FairnessSettings.from(values.section("fairness")),
        BreakerSettings.from(values.section("breaker")),
        DirectSettings.from(values.section("direct")),
        DeferredSettings.from(values.section("deferred")),
        JobSettings.from(values.section("jobs")),
        ClusterSettings.from(values.section("cluster")),
        AlertSettings.from(values.section("alerts")),
        RegistrySettings.from(values.section("registry")),
        RetentionSettings.from(values.section("retention")),
        ContractSettings.from(values.section("contracts")),
        CatalogSettings.from(values.section("catalogs")),
        LoggingSettings.from(values.section("logging")),
        MetricsSettings.from(values.section("metrics")),
        TracingSettings.from(values.section("tracing")),
        AttachmentSettings.from(values.section("attachments")),
        StreamSettings.from(values.section("stream")));
  }

  /** For the log: one line per section, named as in the file, secrets masked. */
  public String describe() {
    return Description.of(this);
  }
}
