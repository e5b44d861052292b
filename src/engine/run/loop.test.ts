import { describe, expect, it } from 'vitest';
import { yieldTask } from '../../math/slices.ts';
import { Loop } from './loop.ts';

/** A loop with `todo` things to do, each of which takes a turn; the number begun, and the most at the same time. */
function counted(todo: number) {
  const seen = { begun: 0, most: 0, errors: [] as unknown[] };
  let left = todo;
  let under = 0;
  const next = async () => {
    if (left === 0) return false;
    left -= 1;
    seen.begun += 1;
    under += 1;
    seen.most = Math.max(seen.most, under);
    await yieldTask();
    under -= 1;
    return true;
  };
  const loop = new Loop(next, (error) => seen.errors.push(error));
  return { loop, seen, more: (n: number) => (left += n) };
}

const turns = async (n: number) => {
  for (let i = 0; i < n; i++) await yieldTask();
};

describe('a loop', () => {
  it('does nothing until it is woken, then one thing at a time until nothing is left', async () => {
    const { loop, seen } = counted(5);
    await turns(3);
    expect(seen.begun).toBe(0);
    for (let i = 0; i < 4; i++) loop.wake();
    await turns(20);
    expect(seen).toEqual({ begun: 5, most: 1, errors: [] });
  });

  it('looks again where it was woken while it found nothing to do', async () => {
    const rounds: number[] = [];
    const loop: Loop = new Loop(
      async () => {
        rounds.push(rounds.length);
        // This wake comes after it has looked.
        if (rounds.length === 1) loop.wake();
        return false;
      },
      () => {},
    );
    loop.wake();
    await turns(3);
    expect(rounds).toHaveLength(2);
  });

  it('ends a wait when it is woken, and when it is closed', async () => {
    const ends: Array<(loop: Loop) => unknown> = [(loop) => loop.wake(), (loop) => void loop.close()];
    for (const end of ends) {
      const { loop } = counted(0);
      const waited = loop.wait(1e6).then(() => 'over');
      end(loop);
      expect(await waited).toBe('over');
    }
  });

  it('closes when the thing at hand is done, and begins nothing after', async () => {
    const { loop, seen, more } = counted(3);
    loop.wake();
    await loop.close();
    more(2);
    loop.wake();
    await turns(5);
    expect(seen.begun).toBe(1);
    await loop.whenClosed;
  });

  it('tells of an error, rests, and works again when it is woken', async () => {
    const errors: unknown[] = [];
    let calls = 0;
    const loop = new Loop(
      async () => {
        calls += 1;
        if (calls === 1) throw new Error('lost');
        return false;
      },
      (error) => errors.push(error),
    );
    loop.wake();
    await turns(3);
    expect([calls, errors]).toEqual([1, [new Error('lost')]]);
    loop.wake();
    await turns(3);
    expect(calls).toBe(2);
  });
});

it('a turn gives way to what waits, and resolves in the order in which it was asked for', async () => {
  const order: string[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => order.push('a message that came before');
  port2.postMessage(null);
  await Promise.all([yieldTask().then(() => order.push('first')), yieldTask().then(() => order.push('second'))]);
  port1.close();
  await yieldTask().then(() => order.push('later'));
  expect(order).toEqual(['a message that came before', 'first', 'second', 'later']);
});
