import { expect, it } from 'vitest';
import { type Entries, emptyEntries } from '../steppers/stepper.ts';
import { unsent } from './unsent.ts';

function entries(...loss: number[]): Entries {
  return { ...emptyEntries(loss.length), loss: Float64Array.from(loss) };
}

it('joins what was added, in order', () => {
  const list = unsent();
  list.add(3, entries(3, 4));
  list.add(5, entries(5));
  expect(list.take()).toMatchObject({ from: 3, entries: { loss: Float64Array.of(3, 4, 5) }, changes: [] });
  expect(list.isEmpty()).toBe(true);
});

it('keeps the newer of two entries of one step', () => {
  const list = unsent();
  list.add(3, entries(3, 4));
  list.add(4, entries(40));
  list.add(4, entries(400));
  list.add(5, entries(5));
  expect(list.take()).toMatchObject({ from: 3, entries: { loss: Float64Array.of(3, 400, 5) } });
});

it('sends a step again that was sent before', () => {
  const list = unsent();
  list.add(4, entries(4));
  list.take();
  list.note({ step: 4, key: 'lr', value: 0.1 });
  list.add(4, entries(40));
  list.add(4, entries(400));
  expect(list.take()).toMatchObject({
    from: 4,
    entries: { loss: Float64Array.of(400) },
    changes: [{ step: 4, key: 'lr', value: 0.1 }],
  });
});
