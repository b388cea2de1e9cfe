package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.server.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts everything, plays the profiles in turn and prints what came of them. */
@Command(
    name = "load",
    description = {
      "Load target/posthaste.jar by Gatling, in an open model:",
      "events are due when the plan says, whatever the server does, and all times count from then."
    },
    footer = {
      "",
      "Exit code 1 if an acknowledged event did not arrive, 2 if a run is void, for the injector lagged,",
      "64 for wrong options; never because of speed."
    },
    exitCodeOnInvalidInput = LoadCommand.WRONG_OPTIONS,
    exitCodeOnExecutionException = LoadCommand.FAILED,
    mixinStandardHelpOptions = true)
public final class LoadCommand implements Callable<Integer> {
  static final int LOST = 1;
  static final int VOID = 2;
  static final int WRONG_OPTIONS = 64;
  static final int FAILED = 70;

  @Mixin private LoadOptions options = new LoadOptions();

  private Optional<Double> knee = Optional.empty();
  private boolean searched;
  private ResultFile file;
  private Bounds bounds;

  @Override
  public Integer call() throws IOException, InterruptedException {
    file = new ResultFile(options.measuring.out(), Machine.json(), Machine.commit());
    bounds = new Bounds(options.p99, options.lag);
    knee = options.knee;
    WorkFolder work = WorkFolder.create(options.measuring.out(), "load");
    List<ProfileResult> results = new ArrayList<>();
    try (Stand stand = Stand.start(options, work.path())) {
      InjectorRun injector = new InjectorRun(stand, options, work.path());
      for (Profile profile : options.profiles) {
        if (profile.needsKnee(options) && !knowsKnee() && !searched) {
          results.add(play(Profile.KNEE, stand, injector));
        }
        if (profile.needsKnee(options) && knee.isEmpty()) {
          say("Without a knee there is no " + profile.code() + ".");
        } else {
          results.add(play(profile, stand, injector));
        }
      }
    }
    say("Written to " + file.path() + ".");
    return end(results, work);
  }

  private boolean knowsKnee() throws IOException {
    if (knee.isEmpty()) {
      knee = file.lastKnee(options.batch);
    }
    return knee.isPresent();
  }

  private ProfileResult play(Profile profile, Stand stand, InjectorRun injector)
      throws IOException, InterruptedException {
    say("\n" + profile.code());
    try (Fleet fleet = Fleet.create(stand, profile, options)) {
      ProfileResult result =
          profile == Profile.KNEE
              ? new KneeSearch(injector, options, bounds).search(fleet.kinds())
              : ProfileResult.of(
                  injector.run(
                      new InjectorRun.Load(
                          profile, profile.legs(options, knee.orElse(0.0)), fleet.kinds(), 0)),
                  bounds);
      result.knee().filter(Knee::isFound).ifPresent(found -> knee = Optional.of(found.rate()));
      say(new ResultTable(profile, result).text());
      file.append(profile, result, options);
      return result;
    }
  }

  private static int end(List<ProfileResult> results, WorkFolder work) throws IOException {
    if (results.stream().anyMatch(ProfileResult::hasLost)) {
      List<String> lost =
          results.stream().flatMap(result -> result.reconciliation().lost().stream()).toList();
      Files.write(work.path().resolve("lost.txt"), lost);
      say("ACKNOWLEDGED EVENTS DID NOT ARRIVE. lost.txt, logs and ledgers are in " + work.path());
      return LOST;
    }
    say("Nothing was lost.");
    work.delete();
    return results.stream().anyMatch(result -> result.whyVoid().isPresent()) ? VOID : 0;
  }

  @SuppressWarnings("SystemOut")
  private static void say(String text) {
    System.out.println(text);
  }
}
