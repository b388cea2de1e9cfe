package dev.posthaste.loadtest;

import dev.posthaste.loadtest.bare.BareCommand;
import dev.posthaste.loadtest.bench.BenchCommand;
import dev.posthaste.loadtest.bench.ProfileCommand;
import dev.posthaste.loadtest.demo.DemoCommand;
import dev.posthaste.loadtest.generator.GeneratorCommand;
import dev.posthaste.loadtest.load.LoadCommand;
import dev.posthaste.loadtest.receiver.ReceiverCommand;
import dev.posthaste.loadtest.torture.TortureCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line: bench, load, demo and torture start everything; receiver, generator and bare
 * are their parts.
 */
@Command(
    name = "loadtest",
    description = "Measures Posthaste and shows it at work and breaks it.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchCommand.class,
      ProfileCommand.class,
      LoadCommand.class,
      DemoCommand.class,
      TortureCommand.class,
      ReceiverCommand.class,
      GeneratorCommand.class,
      BareCommand.class
    })
public final class Main {
  private Main() {}

  /** Ends the process with the command's exit code. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main())
            .setUsageHelpAutoWidth(true)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }
}
