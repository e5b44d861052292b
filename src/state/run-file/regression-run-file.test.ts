import { expect, it } from 'vitest';
import { frozenBase } from '../../experiment/layer/module.ts';
import { residualLabels } from '../../experiment/regression/loss.ts';
import { meanLoss } from '../../experiment/regression/testing/mean-loss.ts';
import { train } from '../../experiment/regression/testing/reference.ts';
import { readRunFile } from '../../experiment/run-file/read-run-file.ts';
import type { NumberRows, RunFile } from '../../experiment/run-file/run-file.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { type Matrix32, toFloat32 } from '../../math/matrix.ts';
import { fromRows } from '../../math/testing/rows.ts';
import type { State } from '../state.ts';
import { runFileOf } from './run-file.ts';
import { runTextOf } from './run-text.ts';
import { trainedState as trainedPage } from './testing/trained-state.ts';

const SAMPLES = 24;
const STEPS = 40;

const trained = (changes: Partial<Experiment>): Promise<State> =>
  trainedPage({
    ...{ target: 'regression', d: 9, k: 7, rank: 2, truerank: 3, samples: SAMPLES, condition: 5, steps: STEPS },
    ...changes,
  });

const matrix = (rows: NumberRows | null): Matrix32 => toFloat32(fromRows(rows ?? []));

/** Repeats the run in float64 from the file alone. */
function replay(text: string) {
  const { layers, samples, config, scaling, trace }: RunFile = JSON.parse(text);
  const [{ base, initial }] = layers;
  if (!samples?.batches) throw new Error('no samples');
  const { batches, heldOut } = samples;
  const [W0, A, B] = [matrix(base), matrix(initial.A), matrix(initial.B)];
  const W = config.init === 'pissa' ? frozenBase(W0, A, B, scaling) : W0;
  const [X, Y] = [matrix(samples.X), matrix(samples.Y)];
  const R = residualLabels(W, { X, Y });
  const { opt, lr, ratio } = config as { opt: Experiment['opt']; lr: number; ratio: number };
  const steps = trace.step.length - 1;
  const frozen = config.init === 'mica' ? 'B' : null;
  const at = (t: number) => Int32Array.from(batches[t]);
  const run = train({ R, X, A, B, scaling, opt, lr, ratio, steps, frozen, batches: { size: batches[0].length, at } });
  const end = { A: run.A, B: run.B, scaling };
  const held = { X: matrix(heldOut.X), Y: matrix(heldOut.Y) };
  return {
    loss: run.loss,
    training: meanLoss(R, X, end),
    heldOut: meanLoss(residualLabels(W, held), held.X, end),
  };
}

const cases = (['sgd', 'momentum', 'adam', 'adamw'] as const).flatMap((opt) =>
  [1, 4, SAMPLES].map((batch) => [opt, batch, 'kaiming-uniform'] as const),
);

it.each([...cases, ['adam', 4, 'pissa'] as const, ['sgd', SAMPLES, 'pissa'] as const, ['adam', 4, 'mica'] as const])(
  'a replay in float64 of the run file alone has its losses: %s, batch %i, %s',
  async (opt, batch, init) => {
    const { run } = await trained({ opt, batch, init });
    expect(run.status).toBe('finished');
    const text = JSON.stringify(runFileOf(run, '1'));
    const file: RunFile = JSON.parse(text);
    const again = replay(text);
    expect(file.trace.loss).toHaveLength(STEPS + 1);
    file.trace.loss.forEach((loss, t) => {
      expect(Math.abs(loss / again.loss[t] - 1), `step ${t}`).toBeLessThan(1e-4);
    });
    const { trainingLoss, heldOutLoss } = file.trace;
    expect([trainingLoss?.step[0], trainingLoss?.step.at(-1)]).toEqual([0, STEPS]);
    expect(heldOutLoss?.step).toEqual(trainingLoss?.step);
    expect(Math.abs((trainingLoss?.values.at(-1) ?? 0) / again.training - 1)).toBeLessThan(1e-4);
    expect(Math.abs((heldOutLoss?.values.at(-1) ?? 0) / again.heldOut - 1)).toBeLessThan(1e-4);
    // If the batch is the whole set, the loss of a step is the training loss.
    if (batch === SAMPLES)
      trainingLoss?.step.forEach((t, i) => {
        expect(trainingLoss.values[i]).toBeCloseTo(file.trace.loss[t], 6);
      });
    // The text made in slices has the same content, and a page that reads it has the same curves.
    const sliced = (await runTextOf(run, '1', true, async () => {}))?.pieces.join('') ?? '';
    expect(JSON.parse(sliced)).toEqual(file);
    const read = readRunFile(sliced);
    expect(read.losses).toEqual(run.losses);
    expect(file.samples?.batches).toHaveLength(STEPS + 1);
  },
);

it('lists the smaller last batch of an epoch, and is read with it', async () => {
  const { run } = await trained({ batch: 7, order: 'epochs' });
  const file = runFileOf(run, '1');
  const text = JSON.stringify(file);
  const lengths = file?.samples?.batches?.map(({ length }) => length);
  expect(lengths?.slice(0, 8)).toEqual([7, 7, 7, 3, 7, 7, 7, 3]);
  const again = replay(text);
  file?.trace.loss.forEach((loss, t) => {
    expect(Math.abs(loss / again.loss[t] - 1), `step ${t}`).toBeLessThan(1e-4);
  });
  expect(readRunFile(text).experiment.order).toBe('epochs');
  expect(() => readRunFile(text.replace('order=epochs', 'order=random'))).toThrow('samples.batches[3]: 3 entries');
});

it('the kept run, without what its link rebuilds, has the curves too', async () => {
  const { run } = await trained({ batch: 4 });
  const text = (await runTextOf(run, '1', false, async () => {}))?.pieces.join('') ?? '';
  const read = readRunFile(text);
  expect(JSON.parse(text)).not.toHaveProperty('samples');
  expect(read.losses).toEqual(run.losses);
});

it('a run that was saved during a lesson opens without it: the lesson would put its own settings in its place', async () => {
  const { run } = await trained({ batch: 4 });
  const file = runFileOf({ ...run, view: { ...run.view, lesson: 'what-is-lora' } }, '1');
  expect(file?.link).toContain('lesson=what-is-lora');
  expect(readRunFile(JSON.stringify(file)).view).toEqual(run.view);
});

it('names what is wrong with the samples of a file', async () => {
  const { run } = await trained({ batch: 4 });
  const good = JSON.stringify(runFileOf(run, '1'));
  const broken = (change: (file: ReturnType<typeof JSON.parse>) => void) => {
    const file = JSON.parse(good);
    change(file);
    return () => readRunFile(JSON.stringify(file));
  };
  expect(broken((f) => f.samples.X.pop())).toThrow('samples.X: 6 rows, expected 7.');
  expect(broken((f) => f.samples.Y[2].push(1))).toThrow('samples.Y, row 3: 25 entries; the limit is 24.');
  expect(broken((f) => f.samples.batches.pop())).toThrow('samples.batches: 40 lists, expected 41');
  expect(broken((f) => f.samples.batches[3].pop())).toThrow('samples.batches[3]: 3 entries, expected 4.');
  expect(broken((f) => (f.samples.batches[3][1] = 24))).toThrow('samples.batches[3]: found 24, expected');
  expect(broken((f) => (f.samples.heldOut = 3))).toThrow('samples.heldOut: expected an object');
  expect(broken((f) => (f.samples.heldOut.Y[0][0] = null))).toThrow('samples.heldOut.Y, row 1, entry 0');
  expect(broken((f) => delete f.trace.heldOutLoss)).toThrow('trace.heldOutLoss: expected an object');
  expect(broken((f) => (f.trace.heldOutLoss.step[1] = 0))).toThrow('trace.heldOutLoss.step, entry 1');
  expect(broken((f) => (f.trace.trainingLoss.values[0] = 'x'))).toThrow('trace.trainingLoss.values, entry 0');
  expect(broken((f) => (f.link = '#v=1&target=low-rank&d=9&k=7&rank=2&lr=0.1'))).toThrow('samples: the target');
});
