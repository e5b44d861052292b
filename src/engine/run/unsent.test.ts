import { expect, it } from 'vitest';
import { type Entries, emptyEntries } from '../steppers/stepper.ts';
import { unsent } from './unsent.ts';

function entries(...loss: number[]): Entries {
  return { ...emptyEntries(loss.length), series: { loss: Float64Array.from(loss) } };
}

it('joins what was added, in order', () => {
  const list = unsent();
  list.add(3, entries(3, 4));
  list.add(5, entries(5));
  expect(list.take()).toMatchObject({ from: 3, entries: { series: { loss: Float64Array.of(3, 4, 5) } }, changes: [] });
  expect(list.isEmpty()).toBe(true);
});

it('keeps the newer of two entries of one step', () => {
  const list = unsent();
  list.add(3, entries(3, 4));
  list.add(4, entries(40));
  list.add(4, entries(400));
  list.add(5, entries(5));
  expect(list.take()).toMatchObject({ from: 3, entries: { series: { loss: Float64Array.of(3, 400, 5) } } });
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
    entries: { series: { loss: Float64Array.of(400) } },
    changes: [{ step: 4, key: 'lr', value: 0.1 }],
  });
});

it('joins the lists of every module, and those of the distance where there are any', () => {
  const list = unsent();
  const of = (...values: number[]) => Float64Array.from(values);
  const norms = (...values: number[]) => ({
    ...emptyEntries(values.length).modules[0],
    gradNormB: of(...values),
    updateNormA: of(...values).map((v) => -v),
  });
  list.add(1, { series: { loss: of(1, 2), distance: of(3, 4) }, modules: [norms(5, 6), norms(7, 8)] });
  list.add(2, { series: { loss: of(20, 30), distance: of(40, 50) }, modules: [norms(60, 70), norms(80, 90)] });
  const { entries } = list.take();
  expect(entries.series).toEqual({ loss: of(1, 20, 30), distance: of(3, 40, 50) });
  expect(entries.modules).toEqual([norms(5, 60, 70), norms(7, 80, 90)]);
});
