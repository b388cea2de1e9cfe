package dev.posthaste.api;

import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.StoreTrouble;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers whatever went wrong with a problem; what nobody expected is logged. */
public final class FailureHandler implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);
  private static final int RETRY_AFTER_SECONDS = 2;

  @Override
  public void handle(RoutingContext context) {
    problem(context).send(context.response(), context.request().path());
  }

  private static Problem problem(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    if (failure == null || (context.statusCode() >= 400 && context.statusCode() < 500)) {
      return ofStatus(context.statusCode());
    }
    if (StoreTrouble.isTooSlow(failure)) {
      return Problem.unavailable(
          "The database took too long. Ask for less, for example a shorter time by 'since' and"
              + " 'until'.",
          RETRY_AFTER_SECONDS);
    }
    if (StoreTrouble.isAway(failure)) {
      LOG.warn(
          "the database is away: {} {} is answered with 503: {}",
          context.request().method(),
          context.request().path(),
          failure.toString());
      return Problem.unavailable("The database cannot be reached. Try again.", RETRY_AFTER_SECONDS);
    }
    LOG.error("{} {} failed", context.request().method(), context.request().path(), failure);
    return Problem.internal("The fault is logged here. Try again, and tell us if it stays.");
  }

  /** Faults that the web library finds before a route is reached, such as a malformed path. */
  private static Problem ofStatus(int status) {
    return switch (status) {
      case 404 -> Problem.notFound("There is no such route; see /openapi.json.");
      case 405 -> Problem.methodNotAllowed("The route has other methods; see /openapi.json.");
      case 413 -> Problem.tooLarge("The body is larger than allowed.");
      case 415 -> Problem.unsupportedMediaType("Send application/json.");
      default ->
          status < 500
              ? Problem.badRequest("The request is malformed. Check path and headers.")
              : Problem.internal("The request cannot be answered.");
    };
  }
}
