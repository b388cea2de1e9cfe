package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * Brings deliveries to the event loop that owns their endpoint's lane: a list at a time, not one by
 * one. Callable on any thread.
 */
public final class DispatchRouter implements Consumer<List<Delivery>> {
  private final AtomicReferenceArray<Door> doors;

  /**
   * @param loops how many dispatchers there will be
   */
  public DispatchRouter(int loops) {
    this.doors = new AtomicReferenceArray<>(loops);
  }

  /** Opens the way to a dispatcher, which is called on its own loop only. */
  void open(int index, Context context, Consumer<List<Delivery>> dispatcher) {
    doors.set(index, new Door(context, dispatcher));
  }

  @Override
  public void accept(List<Delivery> deliveries) {
    int loops = doors.length();
    if (loops == 1) {
      send(0, deliveries);
      return;
    }
    List<List<Delivery>> parts = new ArrayList<>(loops);
    for (int i = 0; i < loops; i++) {
      parts.add(new ArrayList<>());
    }
    for (Delivery delivery : deliveries) {
      parts.get(owner(delivery.endpointId(), loops)).add(delivery);
    }
    for (int i = 0; i < loops; i++) {
      if (!parts.get(i).isEmpty()) {
        send(i, parts.get(i));
      }
    }
  }

  private void send(int index, List<Delivery> deliveries) {
    Door door = doors.get(index);
    door.context.runOnContext(v -> door.dispatcher.accept(deliveries));
  }

  /**
   * The low bits of ids are mostly zero and neighbours differ little, so they are mixed and the
   * high bits are scaled to the number of loops.
   */
  static int owner(long endpointId, int loops) {
    long mixed = (endpointId * 0x9e3779b97f4a7c15L) >>> 32;
    return (int) ((mixed * loops) >>> 32);
  }

  private record Door(Context context, Consumer<List<Delivery>> dispatcher) {}
}
