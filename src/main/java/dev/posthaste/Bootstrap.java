package dev.posthaste;

import dev.posthaste.alert.Alerts;
import dev.posthaste.event.ApiKey;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.KeyText;
import dev.posthaste.registry.KeyRing;
import dev.posthaste.settings.EncryptionKey;
import dev.posthaste.settings.Secret;
import dev.posthaste.settings.Settings;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.DataFolder;
import dev.posthaste.store.Sealer;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What must exist before the first request: account, the tenants {@code default} and {@code
 * operations}, operator key, encryption key.
 */
final class Bootstrap {
  static final String KEY_FILE = "operator.key";

  private static final String ENCRYPTION_FILE = "encryption.key";
  private static final String ACCOUNT = "default";
  private static final String CONTRACT = "standard";

  private final AccountStore accounts;
  private final IdGenerator ids;

  Bootstrap(AccountStore accounts, IdGenerator ids) {
    this.accounts = accounts;
    this.ids = ids;
  }

  /** The account's id, and the operator key if it was created just now. */
  Future<Result> run(Settings settings, DataFolder folder) {
    return accounts
        .ensureAccount(ids.next(), ACCOUNT)
        .compose(
            account ->
                accounts
                    .createTenant(account, tenant(Doorkeeper.DEFAULT_TENANT, "Default", null))
                    .compose(
                        made ->
                            accounts.createTenant(
                                account, tenant(Alerts.TENANT, "Operations", Alerts.TENANT)))
                    .compose(made -> operatorKey(account, settings.operator().key(), folder))
                    .map(key -> new Result(account, key)));
  }

  private Tenant tenant(String uid, String name, String catalog) {
    return new Tenant(
        ids.next(),
        uid,
        name,
        CONTRACT,
        Optional.ofNullable(catalog),
        Optional.empty(),
        Optional.empty());
  }

  private Future<Optional<String>> operatorKey(
      long account, Optional<Secret> given, DataFolder folder) {
    if (given.isPresent()) {
      return store(account, "environment", given.get().reveal()).map(Optional.empty());
    }
    return accounts
        .hasOperatorKey()
        .compose(
            exists -> {
              if (exists) {
                return Future.succeededFuture(Optional.empty());
              }
              String text =
                  folder.readOrCreate(KEY_FILE, () -> KeyText.generate(new SecureRandom()));
              return store(account, "first", text).map(Optional.of(text));
            });
  }

  private Future<Boolean> store(long account, String name, String text) {
    ApiKey key =
        new ApiKey(
            ids.next(),
            account,
            OptionalLong.empty(),
            name,
            Set.of(),
            Optional.empty(),
            Optional.empty());
    return accounts.createKey(key, KeyRing.hash(text));
  }

  /** The keys that seal secrets: those of the settings, or one in the data folder. */
  static Sealer sealer(Settings settings, DataFolder folder) {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    for (EncryptionKey key : settings.encryption().keys()) {
      keys.put(key.id(), key.bytes());
    }
    if (keys.isEmpty()) {
      EncryptionKey own =
          EncryptionKey.parse(folder.readOrCreate(ENCRYPTION_FILE, Bootstrap::newKey));
      keys.put(own.id(), own.bytes());
    }
    return new Sealer(keys);
  }

  /** Named at random, so that a missing key is told apart from a wrong one. */
  private static String newKey() {
    SecureRandom random = new SecureRandom();
    byte[] key = new byte[32];
    random.nextBytes(key);
    return "file-%08x:%s".formatted(random.nextInt(), Base64.getEncoder().encodeToString(key));
  }

  /**
   * How the account stands.
   *
   * @param newKey the operator key, if it was created just now
   */
  record Result(long account, Optional<String> newKey) {}
}
