package dev.posthaste.api;

import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.KeyThrottle;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.AttachmentStore;
import dev.posthaste.store.AttachmentStore.Draft;
import dev.posthaste.store.AttachmentsFullException;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stores the body of a request as a file, as it comes. What is not stored to the end leaves
 * nothing.
 */
final class UploadRoute implements Handler<RoutingContext> {
  static final String OPERATION = "createAttachment";

  private static final CharSequence DISPOSITION =
      HttpHeaders.createOptimized("content-disposition");
  private static final String UNNAMED = "file";
  private static final long LINGER_MILLIS = 2_000;

  private final Admission admission;
  private final KeyThrottle throttle;
  private final ApiParts parts;
  private final ApiParts.Files files;
  private final AttachmentStore store;

  UploadRoute(Admission admission, KeyThrottle throttle, ApiParts parts) {
    this.admission = admission;
    this.throttle = throttle;
    this.parts = parts;
    this.files = parts.files();
    this.store = parts.files().store();
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    Admission.Admitted admitted = admission.admit(request.headers());
    throttle.admit(admitted.key(), context.response());
    Origin origin = Origin.of(request, Buffer.buffer());
    Draft draft = draft(admitted.ofTenant().orElseThrow(), request);
    Transfers.Transfer transfer = files.transfers().begin();
    transfer.of(draft.tenantId());
    request.pause();
    Future.<Void>succeededFuture()
        .compose(v -> store(context, new Order(admitted, origin, draft)))
        .eventually(() -> ended(transfer))
        .onSuccess(answer -> OperationRoute.send(answer, context.response()))
        .onFailure(failure -> fail(context, failure));
  }

  /** A request for a file to be stored. */
  private record Order(Admission.Admitted from, Origin origin, Draft draft) {}

  private static Future<Void> ended(Transfers.Transfer transfer) {
    transfer.end();
    return Future.succeededFuture();
  }

  private Draft draft(Tenant tenant, HttpServerRequest request) {
    int limit = files.limits().maxSizeBytes();
    long announced = announced(request, limit);
    if (announced > limit) {
      throw Upload.tooLarge(limit);
    }
    return new Draft(
        parts.ids().next(), tenant.id(), filename(request), contentType(request), announced);
  }

  /** What is not announced may turn out to be as large as may be. */
  private static long announced(HttpServerRequest request, int limit) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? limit : Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new ProblemException(Problem.badRequest("Content-Length must be a number."));
    }
  }

  private static String contentType(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String bare = type == null ? ContentTypes.BYTES : ContentTypes.bare(type);
    if (!ContentTypes.isType(bare)) {
      throw new ProblemException(
          Problem.unsupportedMediaType(
              "Content-Type must be that of the file, such as application/pdf."));
    }
    return bare;
  }

  private static String filename(HttpServerRequest request) {
    String header = request.getHeader(DISPOSITION);
    String name =
        FileName.last(
            Optional.ofNullable(request.getParam("filename"))
                .or(() -> Optional.ofNullable(header).flatMap(FileName::of))
                .orElse(UNNAMED));
    FileName.fault(name)
        .ifPresent(
            fault -> {
              throw new ProblemException(
                  Problem.invalid(List.of(new Fault("/query/filename", fault))));
            });
    return name;
  }

  private Future<ApiAnswer> store(RoutingContext context, Order order) {
    return store
        .begin(order.draft, files.limits().maxPerTenantBytes())
        .compose(begun -> receive(context, order.draft))
        .compose(
            received -> new OneCommit(finish(order, received), parts).answer(call(order, received)))
        .compose(
            answer ->
                answer.repeated() ? abandon(order).map(answer) : Future.succeededFuture(answer),
            failure -> abandon(order).compose(v -> Future.failedFuture(inWords(failure))));
  }

  private Future<Upload.Received> receive(RoutingContext context, Draft draft) {
    TransferTimer timer = new TransferTimer(context.vertx(), files.limits());
    Upload upload =
        Upload.begin(
            context.request(),
            files.limits().maxSizeBytes(),
            (number, bytes) ->
                store.write(draft.id(), number, bytes).onSuccess(written -> timer.moved()));
    timer.onLate(limit -> upload.fail(tooSlow(limit)));
    return upload.received().onComplete(done -> timer.end());
  }

  private Change finish(Order order, Upload.Received received) {
    return (ApiCall call, Unit unit) ->
        store
            .finish(unit, order.draft, received.size(), received.sha256())
            .map(
                stored ->
                    Made.elsewhere(
                        ApiAnswer.created(
                            new JsonObject().put("attachment", AttachmentView.of(stored))),
                        Made.Note.of(
                            "attachment.stored",
                            PublicId.ATTACHMENT.format(stored.id()),
                            call.body())));
  }

  /** As what makes it the same request stands the digest in place of the bytes. */
  private static ApiCall call(Order order, Upload.Received received) {
    JsonObject asked =
        new JsonObject()
            .put("filename", order.draft.filename())
            .put("contentType", order.draft.contentType())
            .put("size", received.size())
            .put("sha256", HexFormat.of().formatHex(received.sha256().getBytes()));
    return new ApiCall(
        order.from.key(),
        order.from.ofTenant(),
        Map.of(),
        asked,
        order.origin.withBody(asked.toBuffer()));
  }

  /** What cannot be deleted now, the maintenance deletes later. */
  private Future<Void> abandon(Order order) {
    return store.abandon(order.draft.id()).otherwiseEmpty();
  }

  private Throwable inWords(Throwable failure) {
    return failure instanceof AttachmentsFullException
        ? new ProblemException(
            Problem.noRoom(
                "The attachments of a tenant may have "
                    + files.limits().maxPerTenantBytes()
                    + " bytes together. Delete some that are not needed any more, or ask the"
                    + " operator to raise attachments.maxPerTenant."))
        : failure;
  }

  private static ProblemException tooSlow(String limit) {
    return new ProblemException(
        Problem.tooSlow("A file must come " + limit + ". Send it again, over a faster line."));
  }

  /**
   * The rest of the file is thrown away for a moment, so that a client that still sends hears the
   * answer; then the connection is closed, as nothing can follow on it.
   */
  private static void fail(RoutingContext context, Throwable failure) {
    HttpServerRequest request = context.request();
    if (context.response().closed()) {
      return;
    }
    if (!request.isEnded() && request.version() != HttpVersion.HTTP_2) {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      context.vertx().setTimer(LINGER_MILLIS, over -> request.connection().close());
    }
    request.resume();
    OperationRoute.fail(context, failure);
  }
}
