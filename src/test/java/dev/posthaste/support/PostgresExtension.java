package dev.posthaste.support;

import dev.posthaste.settings.DatabaseUrl;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a database on one embedded PostgreSQL per JVM: {@code @ExtendWith} it and take a
 * {@link DatabaseUrl} as parameter. It is fresh for the class, or with {@link PerTest} for the
 * test.
 */
public final class PostgresExtension implements ParameterResolver {
  /** A database that only this test has. */
  @Target(ElementType.PARAMETER)
  @Retention(RetentionPolicy.RUNTIME)
  public @interface PerTest {}

  private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == DatabaseUrl.class;
  }

  @Override
  public DatabaseUrl resolveParameter(ParameterContext parameter, ExtensionContext context) {
    TestPostgres server = server(context);
    if (parameter.isAnnotated(PerTest.class)) {
      return fresh(server);
    }
    Class<?> holder = outermost(context.getRequiredTestClass());
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(holder, key -> fresh(server), DatabaseUrl.class);
  }

  private static TestPostgres server(ExtensionContext context) {
    // Closed by JUnit when the whole run ends.
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(TestPostgres.class, key -> new TestPostgres(), TestPostgres.class);
  }

  private static Class<?> outermost(Class<?> type) {
    return type.getEnclosingClass() == null ? type : outermost(type.getEnclosingClass());
  }

  private static DatabaseUrl fresh(TestPostgres server) {
    try {
      return server.create("test_" + NUMBER.incrementAndGet());
    } catch (SQLException e) {
      throw new IllegalStateException("cannot make a test database", e);
    }
  }
}
