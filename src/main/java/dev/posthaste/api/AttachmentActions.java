package dev.posthaste.api;

import dev.posthaste.event.PublicId;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.AttachmentStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;

/** Look at a file that is stored, get a link to it, delete it. */
final class AttachmentActions {
  private static final String ATTACHMENTS = "/webhooks/v1/attachments/";

  private final ApiParts.Files files;
  private final AttachmentStore store;

  AttachmentActions(ApiParts parts) {
    this.files = parts.files();
    this.store = parts.files().store();
  }

  Map<String, Action> byOperation() {
    return Map.of("getAttachment", this::get);
  }

  Map<String, Change> changes() {
    return Map.of("deleteAttachment", this::delete);
  }

  private Future<ApiAnswer> get(ApiCall call) {
    long id = id(call);
    return store
        .find(call.tenant().id(), id)
        .map(found -> found.orElseThrow(() -> unknown(call.path("id"))))
        .map(
            attachment -> {
              DownloadLinks.Link link = files.links().to(id);
              return ApiAnswer.ok(
                  new JsonObject()
                      .put("attachment", AttachmentView.of(attachment))
                      .put("downloadUrl", url(call, link))
                      .put("expiresAt", Times.text(link.end())));
            });
  }

  private String url(ApiCall call, DownloadLinks.Link link) {
    return files.publicUrl().map(URI::toString).orElse(call.origin().base())
        + ATTACHMENTS
        + call.path("id")
        + "/content?expires="
        + link.end().getEpochSecond()
        + "&signature="
        + link.signature();
  }

  private Future<Made> delete(ApiCall call, Unit unit) {
    return store
        .delete(unit, call.tenant().id(), id(call))
        .map(
            wasThere -> {
              if (!wasThere) {
                throw unknown(call.path("id"));
              }
              return Made.elsewhere(
                  ApiAnswer.nothing(),
                  Made.Note.of("attachment.deleted", call.path("id"), new JsonObject()));
            });
  }

  private static long id(ApiCall call) {
    return PublicId.ATTACHMENT.parse(call.path("id")).orElseThrow(() -> unknown(call.path("id")));
  }

  static ProblemException unknown(String id) {
    return new ProblemException(
        Problem.notFound(
            "There is no attachment '" + id + "'; it may have been deleted, or is too old."));
  }
}
