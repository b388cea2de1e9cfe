package dev.posthaste.api;

import dev.posthaste.http.BoundedBody;
import dev.posthaste.http.IdempotencyKey;
import dev.posthaste.http.KeyThrottle;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.StoreTrouble;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** The way of a request: let in, read, checked, done, answered. */
final class OperationRoute implements Handler<RoutingContext> {
  static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private static final String SHOULD_RETRY = "x-should-retry";
  private static final String REPLAYED = "Idempotent-Replayed";
  private static final int CONFLICT = 409;

  private final Admission admission;
  private final KeyThrottle throttle;
  private final RequestCheck check;
  private final Action action;
  private final int maxBodyBytes;

  OperationRoute(
      Admission admission,
      KeyThrottle throttle,
      RequestCheck check,
      Action action,
      int maxBodyBytes) {
    this.admission = admission;
    this.throttle = throttle;
    this.check = check;
    this.action = action;
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    Admission.Admitted admitted = admission.admit(request.headers());
    throttle.admit(admitted.key(), context.response());
    check.contentType(request);
    Future<Buffer> body =
        check.takesBody()
            ? BoundedBody.read(request, maxBodyBytes)
            : Future.succeededFuture(Buffer.buffer());
    body.map(bytes -> checked(admitted, context, bytes))
        .compose(this::act)
        .onSuccess(answer -> send(answer, context.response()))
        .onFailure(failure -> fail(context, failure));
  }

  private ApiCall checked(Admission.Admitted admitted, RoutingContext context, Buffer bytes) {
    return new ApiCall(
        admitted.key(),
        admitted.ofTenant(),
        check.parameters(context.request(), context.pathParams()),
        check.body(bytes),
        Origin.of(context.request(), bytes));
  }

  private Future<ApiAnswer> act(ApiCall call) {
    return action.answer(call);
  }

  static void send(ApiAnswer answer, HttpServerResponse response) {
    if (response.closed()) {
      return;
    }
    response.setStatusCode(answer.status());
    if (answer.repeated()) {
      response.putHeader(REPLAYED, "true");
    }
    if (answer.body().length() == 0) {
      response.end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(answer.body());
    }
  }

  /**
   * SDKs repeat what failed; told so, they do not repeat what may have happened or cannot work. A
   * repeat with an idempotency key does no harm.
   */
  static void fail(RoutingContext context, Throwable failure) {
    boolean creates = context.request().method().equals(HttpMethod.POST);
    boolean pointless =
        failure instanceof ProblemException known
            ? known.problem().status() == CONFLICT && known.problem().retryAfterSeconds().isEmpty()
            : StoreTrouble.isInDoubt(failure) && !isNamed(context.request());
    if (creates && pointless) {
      context.response().putHeader(SHOULD_RETRY, "false");
    }
    context.fail(failure);
  }

  private static boolean isNamed(HttpServerRequest request) {
    return request.headers().contains(IdempotencyKey.HEADER);
  }
}
