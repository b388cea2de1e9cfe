package dev.posthaste.api;

import dev.posthaste.event.PublicId;
import dev.posthaste.store.Attachment;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;

/** A file as answers show it. */
final class AttachmentView {
  private AttachmentView() {}

  static JsonObject of(Attachment attachment) {
    return new JsonObject()
        .put("attachmentId", PublicId.ATTACHMENT.format(attachment.id()))
        .put("filename", attachment.filename())
        .put("contentType", attachment.contentType())
        .put("size", attachment.size())
        .put("sha256", HexFormat.of().formatHex(attachment.sha256().getBytes()))
        .put("createdAt", Times.text(attachment.createdAt()));
  }
}
