package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {
  private final DeadlineWheel wheel = new DeadlineWheel();
  private final List<Entry> expired = new ArrayList<>();
  private long now = 7_777_777;

  private final class Entry extends DeadlineWheel.Entry {
    private final long due;

    private Entry(long timeoutMillis) {
      this.due = now + timeoutMillis;
      wheel.add(this, now, timeoutMillis);
    }

    @Override
    void expire() {
      assertThat(now).isGreaterThanOrEqualTo(due).isLessThan(due + 2 * DeadlineWheel.TICK_MILLIS);
      expired.add(this);
    }
  }

  @Test
  void aDeadlineFiresNeverEarlyAndAtMostTwoTicksLate() {
    Random random = new Random(1);
    int count = 2_000;
    for (int i = 0; i < count; i++) {
      Entry unused = new Entry(random.nextInt(200_000));
      tick(random.nextInt(50));
    }
    for (int i = 0; i < 200_000 / 25 + 4; i++) {
      tick(25);
    }

    assertThat(expired).hasSize(count);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void whatIsRemovedNeverFires() {
    Entry first = new Entry(100);
    Entry second = new Entry(100);
    Entry third = new Entry(100);
    wheel.remove(second);
    wheel.remove(second);

    tick(199);

    assertThat(expired).containsExactlyInAnyOrder(first, third);
    wheel.remove(first);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void anEntryMayRemoveAnotherOneThatIsDueWithIt() {
    List<DeadlineWheel.Entry> fired = new ArrayList<>();
    DeadlineWheel.Entry[] pair = new DeadlineWheel.Entry[2];
    for (int i = 0; i < 2; i++) {
      int other = 1 - i;
      pair[i] =
          new DeadlineWheel.Entry() {
            @Override
            void expire() {
              fired.add(this);
              wheel.remove(pair[other]);
            }
          };
    }
    wheel.add(pair[0], now, 100);
    wheel.add(pair[1], now, 100);

    tick(500);

    assertThat(fired).hasSize(1);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void aLongPauseOfTheClockLosesNothing() {
    List<DeadlineWheel.Entry> fired = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      wheel.add(
          new DeadlineWheel.Entry() {
            @Override
            void expire() {
              fired.add(this);
            }
          },
          now,
          i * 1_000L);
    }

    tick(10_000_000);

    assertThat(fired).hasSize(100);
  }

  @Test
  void drainingEndsAll() {
    List<DeadlineWheel.Entry> fired = new ArrayList<>();
    wheel.add(
        new DeadlineWheel.Entry() {
          @Override
          void expire() {
            fired.add(this);
          }
        },
        now,
        1_000_000);

    wheel.drain();

    assertThat(fired).hasSize(1);
    assertThat(wheel.size()).isZero();
  }

  private void tick(long millis) {
    now += millis;
    wheel.advance(now);
  }
}
