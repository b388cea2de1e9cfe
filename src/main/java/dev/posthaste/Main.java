package dev.posthaste;

import dev.posthaste.cli.AttachmentCommands;
import dev.posthaste.cli.CatalogCommands;
import dev.posthaste.cli.CommandFailure;
import dev.posthaste.cli.DeliveryCommands;
import dev.posthaste.cli.EndpointCommands;
import dev.posthaste.cli.EventCommands;
import dev.posthaste.cli.KeyCommands;
import dev.posthaste.cli.ListenCommand;
import dev.posthaste.cli.ReplayCommand;
import dev.posthaste.cli.TenantCommands;
import dev.posthaste.cli.VerifyCommand;
import dev.posthaste.ops.LogSetup;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The command line. Without a command it serves. */
@Command(
    name = "posthaste",
    description = "Takes events over HTTP, keeps them in PostgreSQL, and posts them, signed.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      Main.Serve.class,
      TenantCommands.class,
      KeyCommands.class,
      EndpointCommands.class,
      EventCommands.class,
      DeliveryCommands.class,
      ReplayCommand.class,
      ListenCommand.class,
      VerifyCommand.class,
      CatalogCommands.class,
      Rewrapping.class,
      AttachmentCommands.class
    },
    footer = {
      "",
      "Every setting of conf/posthaste.yaml is also an environment variable:",
      "delivery.maxInFlight is POSTHASTE_DELIVERY_MAX_IN_FLIGHT.",
      "Without POSTHASTE_DATABASE_URL a PostgreSQL of its own runs in ./data."
    })
public final class Main implements Callable<Integer> {
  private Main() {}

  /** Runs a command; the process ends with its exit code unless it serves. */
  public static void main(String[] args) {
    LogSetup.quiet();
    int exit =
        new CommandLine(new Main()).setExecutionExceptionHandler(Main::explain).execute(args);
    if (exit != 0) {
      System.exit(exit);
    }
  }

  /** Of this build. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  @Override
  public Integer call() {
    return Serving.start(Optional.empty());
  }

  /** What a person can act on is told without a stack trace. */
  private static int explain(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (failure instanceof CommandFailure) {
      command.getErr().println(failure.getMessage());
      return 1;
    }
    throw failure;
  }

  /** Starts the server and returns; the server goes on until the process is told to stop. */
  @Command(
      name = "serve",
      description = "Start the server (the default).",
      mixinStandardHelpOptions = true)
  static final class Serve implements Callable<Integer> {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "A YAML file whose settings override the defaults (or POSTHASTE_CONFIG).")
    private Path config;

    @Override
    public Integer call() {
      return Serving.start(Optional.ofNullable(config));
    }
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"posthaste " + version()};
    }
  }
}
