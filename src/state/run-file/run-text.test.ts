import { expect, it } from 'vitest';
import type { ReadyMessage } from '../../engine/protocol/worker-messages.ts';
import { readRunFile } from '../../experiment/run-file/read-run-file.ts';
import { MAX_RUN_FILE_BYTES } from '../../experiment/run-file/run-file.ts';
import { emptyTrace } from '../../experiment/run-file/run-record.ts';
import { MAX_RUN_STEPS } from '../../experiment/settings/bounds.ts';
import { defaults } from '../../experiment/settings/experiment.ts';
import { extend, newRun, type Run } from '../run/run.ts';
import { entries, idleState, play } from '../testing/page.ts';
import { runFileInSlices, runFileOf } from './run-file.ts';
import { isTooLong, runTextOf, savedNotice } from './run-text.ts';

const ramp = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i)));

/** A run with matrices; above 512 the page has neither W₀ nor ΔW*. */
function made(d: number, k: number, rank: number, listed: boolean): Run {
  const engine = { backend: 'cpu', stepper: '', device: '', emulated: false, why: null, timed: [] } as const;
  const [A, B] = [ramp(rank * k), ramp(d * rank)];
  const whole = listed ? ramp(d * k) : null;
  const module = { name: 'W', d, k, rank, A, B, base: whole, wanted: { matrix: whole } };
  const ready = { engine, modules: [module], samples: null } as unknown as ReadyMessage;
  const kept = { A: A.map((v) => -v), B, spectrum: Float64Array.of(2, 1), alignment: null };
  const end = { step: 3, modules: [kept] };
  const computed = [{ from: 0, backend: 'cpu', device: 'processor' }] as const;
  return { ...newRun(1, { ...defaults(), d, k, rank }), ready, rate: 0.1, frames: [end], computed };
}

const at = async (slices: { count: number }) => void slices.count++;

it.each([
  ['a small layer', made(7, 5, 2, true)],
  ['a layer of several slices', made(300, 400, 3, true)],
  ['a large layer', made(600, 30, 4, false)],
  ['a layer whose factors are too long to be read at once', made(1000, 30, 300, false)],
])('%s: text and file say the same, made in slices or when read', async (_, run) => {
  const file = runFileOf(run, '1');
  const slices = { count: 0 };
  expect(await runFileInSlices(run, '1', () => at(slices))).toEqual(file);
  const text = (await runTextOf(run, '1', true, () => at(slices)))?.pieces.join('') ?? '';
  expect(text).toBe(JSON.stringify(file));
  expect(slices.count).toBeGreaterThanOrEqual(4);
});

function lookedInto(run: Run): { readonly run: Run; readonly count: () => number } {
  const module = (run.ready as ReadyMessage).modules[0];
  let count = 0;
  const A = new Proxy(module.A, {
    get(list, key) {
      count += 1;
      return Reflect.get(list, key, list);
    },
  });
  const ready = { ...run.ready, modules: [{ ...module, A }] } as unknown as ReadyMessage;
  return { run: { ...run, ready }, count: () => count };
}

it('makes a list when it is first read, once, and one that is too long for that before', async () => {
  const short = lookedInto(made(7, 5, 2, true));
  const file = await runFileInSlices(short.run, '1', async () => {});
  expect(short.count()).toBe(0);
  const { initial } = file?.layers[0] ?? {};
  expect(initial?.A).toBe(initial?.A);
  expect(short.count()).toBe(10);
  expect(initial?.A).toEqual([...Array(2).keys()].map((i) => [...ramp(10)].slice(5 * i, 5 * i + 5)));
  const long = made(1000, 30, 300, false);
  let breaths = 0;
  await runFileInSlices(long, '1', async () => void breaths++);
  // B at the start and at the end, 300,000 numbers each.
  expect(breaths).toBe(2 * Math.ceil(300_000 / 65_536));
});

it('a large layer has neither W₀ nor ΔW*, and the rest of a small one is available without', async () => {
  expect(runFileOf(made(600, 30, 4, false), '1')?.layers[0]).toMatchObject({ base: null, target: null });
  const text = (await runTextOf(made(7, 5, 2, true), '1', false, async () => {}))?.pieces.join('') ?? '';
  const { base, target, final } = JSON.parse(text).layers[0];
  expect([base, target, final.B.length]).toEqual([null, null, 7]);
});

it('leaves out what the link rebuilds where the file could not be read again with it', async () => {
  const run = made(30, 40, 2, true);
  const textOf = async (max: number) => (await runTextOf(run, '1', true, async () => {}, max))?.pieces.join('') ?? '';
  const whole = await textOf(1e6);
  expect(JSON.parse(whole).layers[0].base).toHaveLength(30);
  // The placeholders of lists count too.
  expect((await textOf(whole.length + 200)) === whole).toBe(true);
  const short = await textOf(whole.length / 2);
  expect(short.length).toBeLessThan(whole.length / 2);
  expect(JSON.parse(short).layers[0]).toMatchObject({ base: null, target: null, rank: 2 });
});

it('names what it leaves out, and how long it is', async () => {
  const textOf = (run: Run, max = 1e6) => runTextOf(run, '1', true, async () => {}, max);
  const whole = await textOf(made(30, 40, 2, true));
  expect(whole?.leftOut).toEqual([]);
  // The placeholders of lists count too.
  expect((whole?.length ?? 0) - (whole?.pieces.join('').length ?? 0)).toBeLessThan(200);
  expect((await textOf(made(30, 40, 2, true), 10_000))?.leftOut).toEqual(['W₀', 'ΔW*']);
  const large = made(600, 30, 4, false);
  expect((await textOf(large))?.leftOut).toEqual(['W₀', 'ΔW*']);
  const set = { count: 5, X: ramp(150), Y: ramp(3000) };
  const ready = large.ready && { ...large.ready, samples: { training: set, heldOut: set } as never };
  expect((await textOf({ ...large, ready }))?.leftOut).toEqual(['W₀', 'ΔW*', 'the samples']);
  const long = {
    ...large,
    ready,
    trace: { ...large.trace, length: 4_000_001 },
    experiment: { ...large.experiment, batch: 1 },
  };
  expect((await textOf(long, 1e9))?.leftOut).toContain('the batches');
});

it('says when a text would be too long to be read again', async () => {
  const large = made(4096, 4096, 16, false);
  expect(isTooLong(large)).toBe(false);
  const text = await runTextOf(large, '1', true, async () => {});
  expect(text?.pieces.reduce((sum, piece) => sum + piece.length, 0)).toBeLessThan(MAX_RUN_FILE_BYTES);
  expect(isTooLong(made(4096, 4096, 256, false))).toBe(true);
});

const saved = (length: number, ...leftOut: string[]) => savedNotice({ pieces: [], length, leftOut });

it('says nothing of a file that is whole', () => {
  expect(saved(1e6)).toBeNull();
});

it('names what is not in a file', () => {
  expect(saved(1e6, 'W₀', 'ΔW*', 'the samples')?.title).toBe('The run file was saved without W₀, ΔW* and the samples.');
  expect(saved(1e6, 'the batches')?.title).toBe('The run file was saved without the batches.');
});

it('says where a file is too large to be opened again', () => {
  expect(saved(84.2e6, 'W₀', 'ΔW*')).toMatchObject({ tone: 'bad', title: 'The run file is 84 MB.' });
});

it('reads the longest run that is made, and none is made longer', () => {
  const at = MAX_RUN_STEPS - 5;
  const start = idleState();
  const experiment = { ...defaults(), d: 4, k: 4, rank: 2, truerank: 2 };
  const trace = extend(emptyTrace(), entries(0, new Float64Array(at + 1)));
  const run = { ...start.run, experiment, status: 'paused', trace, workerStep: at } as const;
  const wanted = play({ ...start, run }, { type: 'train', steps: 100, scripted: true }).run.wanted;
  expect(wanted.until).toBe(MAX_RUN_STEPS);
  const whole = extend(trace, entries(at + 1, new Float64Array(5)));
  const file = JSON.stringify(runFileOf({ ...run, trace: whole }, '1'));
  expect(readRunFile(file).trace.series.loss).toHaveLength(MAX_RUN_STEPS + 1);
});
