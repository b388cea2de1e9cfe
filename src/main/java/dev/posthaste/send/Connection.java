package dev.posthaste.send;

import dev.posthaste.event.Payload;
import dev.posthaste.event.Reply.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.internal.ContextInternal;
import java.util.Optional;

/**
 * A connection to an endpoint in HTTP/1.1, which carries one request at a time. It is a handler of
 * its channel, behind the decoder of responses; everything is called on the event loop of both.
 *
 * <p>What comes while nobody has asked ends the connection, so that it is never taken for the
 * answer to the next request.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  /** Smaller bodies are copied behind the head: one piece of memory is sent faster than two. */
  private static final int COPIED_BODY = 16 * 1024;

  /** Of one answer. Far more than servers send; each has its headers, which have limits as well. */
  private static final int MAX_PROVISIONAL = 16;

  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int FIRST_FINAL = 200;

  private final ContextInternal context;
  private final Pool pool;
  private final SendSettings settings;
  private final long openedNanos = System.nanoTime();
  private final Handler<Object> reader = this::received;
  private ChannelHandlerContext channel;
  private Turns.Caller holder;

  private Promise<Answer> asked;
  private HttpResponse head;
  private ResponseCap body;
  private int provisional;
  private int requests;
  private long keepNanos;
  private long idleSinceNanos;
  private boolean left;

  Connection(ContextInternal context, Pool pool, SendSettings settings) {
    this.context = context;
    this.pool = pool;
    this.settings = settings;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    channel = added;
  }

  /**
   * Sends a request.
   *
   * @return fails with what ended the connection before the answer was complete
   * @throws SendFault if a header cannot be sent; the connection is given back
   */
  Future<Answer> ask(Post post) {
    Payload payload = post.body();
    boolean copied = payload.size() <= COPIED_BODY;
    int capacity = RequestHead.capacity(post.target(), post.headers());
    ByteBuf first = channel.alloc().directBuffer(capacity + (copied ? payload.size() : 0));
    try {
      RequestHead.write(first, post.target(), post.headers(), payload.size());
    } catch (SendFault e) {
      first.release();
      pool.giveBack(this);
      throw e;
    }
    asked = Promise.promise();
    provisional = 0;
    requests++;
    Future<Answer> answer = asked.future();
    if (copied) {
      first.writeBytes(payload.bytes());
      send(first);
    } else {
      send(first, Unpooled.wrappedBuffer(payload.bytes()));
    }
    return answer;
  }

  /** A void promise costs nothing, and brings a failure to {@link #exceptionCaught}. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private void send(ByteBuf... pieces) {
    for (ByteBuf piece : pieces) {
      channel.write(piece, channel.voidPromise());
    }
    channel.flush();
  }

  /** From now on it counts as one of the caller's. */
  void lendTo(Turns.Caller caller) {
    holder = caller;
  }

  /**
   * From now on it counts as nobody's.
   *
   * @return whose it was; null if nobody's
   */
  Turns.Caller takeFromHolder() {
    Turns.Caller last = holder;
    holder = null;
    return last;
  }

  /** Whether it has carried a request before the one that is under way. */
  boolean isKept() {
    return requests > 1;
  }

  /** Whether the status of the answer is known. */
  boolean isAnswering() {
    return head != null;
  }

  /** Whether it may carry a request now. */
  boolean isUsable(long nowNanos) {
    return channel.channel().isActive() && !isOver(nowNanos);
  }

  /** Whether it has been idle, or alive, for too long. */
  boolean isOver(long nowNanos) {
    return nowNanos - idleSinceNanos >= keepNanos
        || nowNanos - openedNanos >= settings.maxLifetime().toNanos();
  }

  /** From now on it is idle, for as long as our own limit says if it has carried nothing. */
  void rest(long nowNanos) {
    idleSinceNanos = nowNanos;
    if (requests == 0) {
      keepNanos = settings.keepAlive().toNanos();
    }
  }

  /** Ends it; who waits for an answer is told by {@link #channelInactive}. */
  @SuppressWarnings("FutureReturnValueIgnored")
  void close() {
    leave();
    channel.close();
  }

  /** A connection that is being closed holds no place. */
  private void leave() {
    if (!left) {
      left = true;
      pool.gone(this);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    context.emit(message, reader);
  }

  private void received(Object message) {
    try {
      if (asked == null || !(message instanceof HttpObject part)) {
        close();
      } else if (part.decoderResult().isFailure()) {
        fail(part.decoderResult().cause());
      } else {
        read(part);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(HttpObject part) {
    if (part instanceof HttpResponse begun) {
      begin(begun);
    }
    if (asked != null && head != null && part instanceof HttpContent content) {
      if (!body.take(content.content())) {
        keepNanos = KeepAlive.CLOSE;
        end();
      } else if (part instanceof LastHttpContent) {
        end();
      }
    }
  }

  /** Provisional answers are left out, RFC 9110, 15.2; nobody asked for another protocol. */
  private void begin(HttpResponse begun) {
    int status = begun.status().code();
    if (status == SWITCHING_PROTOCOLS || begun.protocolVersion().majorVersion() != 1) {
      fail(invalid(begun.protocolVersion().text() + " with status " + status + " is no answer"));
    } else if (status < FIRST_FINAL) {
      leaveOut();
    } else {
      head = begun;
      body = new ResponseCap(settings);
      keepNanos = KeepAlive.nanosAfter(begun, settings.keepAlive().toNanos());
    }
  }

  /** Without a limit a receiver could keep the event loop busy with them until the deadline. */
  private void leaveOut() {
    if (++provisional > MAX_PROVISIONAL) {
      fail(invalid("more than " + MAX_PROVISIONAL + " provisional answers"));
    }
  }

  private static SendFault invalid(String detail) {
    return new SendFault(Reason.INVALID_RESPONSE, detail);
  }

  private void end() {
    Answer answer =
        new Answer(
            head.status().code(),
            body.text(),
            Optional.ofNullable(head.headers().get(HttpHeaderNames.RETRY_AFTER)));
    Promise<Answer> asker = asked;
    asked = null;
    head = null;
    body = null;
    if (keepNanos < 0 || !isWritten()) {
      close();
    } else {
      pool.giveBack(this);
    }
    asker.complete(answer);
  }

  /** An answer may come before the request is out; what follows on the line belongs to that one. */
  private boolean isWritten() {
    ChannelOutboundBuffer pending = channel.channel().unsafe().outboundBuffer();
    return pending != null && pending.totalPendingWriteBytes() == 0;
  }

  private void fail(Throwable cause) {
    Promise<Answer> asker = asked;
    asked = null;
    close();
    if (asker != null) {
      asker.fail(cause);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    context.emit(cause, this::fail);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    context.emit(new HttpClosedException("Connection was closed"), this::closed);
    ctx.fireChannelInactive();
  }

  private void closed(Throwable cause) {
    fail(cause);
  }
}
