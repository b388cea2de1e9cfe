package dev.posthaste.api;

import dev.posthaste.event.PublicId;
import dev.posthaste.http.CutOff;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.Attachment;
import dev.posthaste.store.AttachmentStore;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Sends a file to whoever has a good link to it, a chunk at a time: the next one is read when the
 * one before has been taken.
 */
final class ContentRoute implements Handler<RoutingContext> {
  static final String OPERATION = "getAttachmentContent";

  private final ApiParts.Files files;
  private final AttachmentStore store;

  ContentRoute(ApiParts.Files files) {
    this.files = files;
    this.store = files.store();
  }

  @Override
  public void handle(RoutingContext context) {
    long id = linked(context);
    Transfers.Transfer transfer = files.transfers().begin();
    store
        .findLinked(id)
        .map(found -> found.orElseThrow(() -> AttachmentActions.unknown(context.pathParam("id"))))
        .compose(
            attachment -> {
              transfer.of(attachment.tenantId());
              return send(context, attachment);
            })
        .eventually(() -> ended(transfer))
        .onFailure(failure -> fail(context, failure));
  }

  private static Future<Void> ended(Transfers.Transfer transfer) {
    transfer.end();
    return Future.succeededFuture();
  }

  private long linked(RoutingContext context) {
    HttpServerRequest request = context.request();
    OptionalLong id = PublicId.ATTACHMENT.parse(context.pathParam("id"));
    OptionalLong end = number(query(request, "expires"));
    boolean good =
        id.isPresent()
            && end.isPresent()
            && files.links().accepts(id.getAsLong(), end.getAsLong(), query(request, "signature"));
    if (!good) {
      throw new ProblemException(
          Problem.forbidden(
              "The link has ended or is not whole. Ask for a new one:"
                  + " GET /webhooks/v1/attachments/{id}."));
    }
    return id.getAsLong();
  }

  private static String query(HttpServerRequest request, String name) {
    return Optional.ofNullable(request.getParam(name)).orElse("");
  }

  private static OptionalLong number(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private Future<Void> send(RoutingContext context, Attachment attachment) {
    HttpServerResponse response = context.response();
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, ContentTypes.safe(attachment.contentType()))
        .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(attachment.size()))
        .putHeader("Content-Disposition", FileName.attachment(attachment.filename()))
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Content-Security-Policy", "default-src 'none'; sandbox")
        .putHeader(HttpHeaders.CACHE_CONTROL, "private");
    TransferTimer timer = new TransferTimer(context.vertx(), files.limits());
    timer.onLate(limit -> cut(context.request()));
    return chunks(timer, response, attachment, new Sent(0, 0))
        .compose(sent -> response.end())
        .onComplete(done -> timer.end());
  }

  /** A plain reset would wait until the client has read what is on its way. */
  private static void cut(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset();
    } else {
      CutOff.cut(request.connection());
    }
  }

  private Future<Void> chunks(
      TransferTimer timer, HttpServerResponse response, Attachment attachment, Sent sent) {
    if (sent.bytes >= attachment.size()) {
      return Future.succeededFuture();
    }
    return store
        .read(attachment.id(), sent.chunks)
        .map(
            chunk ->
                chunk.orElseThrow(
                    () -> new IllegalStateException("a file was deleted while it was sent")))
        .compose(
            chunk ->
                response
                    .write(chunk)
                    .compose(
                        written -> {
                          timer.moved();
                          return chunks(timer, response, attachment, sent.plus(chunk.length()));
                        }));
  }

  /** How much of the file is on its way. */
  private record Sent(int chunks, long bytes) {
    Sent plus(int more) {
      return new Sent(chunks + 1, bytes + more);
    }
  }

  /** What has begun cannot become a problem any more: the client sees that it is cut off. */
  private static void fail(RoutingContext context, Throwable failure) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    response.headers().clear();
    context.fail(failure);
  }
}
