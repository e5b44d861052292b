import { beforeAll, describe, expect, it } from 'vitest';
import { fileFigures } from '../file/figures/file-figures.ts';
import type { Adapter, Figures } from '../file/model.ts';
import { openAdapter } from '../file/open.ts';
import { makeFile, makePair } from '../file/testing/make-file.ts';
import type { ImportedFile } from '../worker/protocol.ts';
import type { AdaptersEvent, AdaptersState } from './adapters-state.ts';
import { fileWarnings } from './predictions.ts';
import { INITIAL_STATE, updateAdapters } from './update-adapters.ts';

const after = (state: AdaptersState, ...events: readonly AdaptersEvent[]) => events.reduce(updateAdapters, state);
const brought = (...names: readonly string[]): readonly ImportedFile[] =>
  names.map((name) => ({ file: new File([], name), path: name }));

let adapter: Adapter;
let figures: readonly Figures[];

beforeAll(async () => {
  const layers = [0, 1, 2].flatMap((layer) => {
    const { B, A } = makePair(8, 6, [4, 2, 1], layer + 1);
    const name = `base_model.model.model.layers.${layer}.self_attn.q_proj`;
    return [
      { name: `${name}.lora_A.weight`, shape: [3, 6], values: A.data },
      { name: `${name}.lora_B.weight`, shape: [8, 3], values: B.data },
    ];
  });
  const { source } = await makeFile('q.safetensors', layers);
  const found = await openAdapter(source, null, null);
  if ('fault' in found) throw new Error(found.fault);
  adapter = found;
  figures = await Promise.all(found.modules.map((module) => fileFigures(source, module)));
});

const opened = (slot: 0 | 1 = 0, file = 0): AdaptersEvent => ({ type: 'opened', file, slot, adapter });
const measured = (from = 0, to = 3, file = 0): AdaptersEvent => ({
  type: 'measured',
  file,
  from,
  figures: figures.slice(from, to),
  secondsLeft: 1,
});

describe('files that are brought', () => {
  it('are opened at once where none is open, and asked about where one is', () => {
    const first = after(INITIAL_STATE, { type: 'files', files: brought('a.safetensors') });
    expect(first).toMatchObject({ dropped: null, work: { does: 'opening', name: 'a.safetensors' } });
    const asked = after(first, opened(), { type: 'files', files: brought('b.safetensors') });
    expect(asked.dropped).toHaveLength(1);
    expect(asked.work).toBeNull();
    expect(after(asked, { type: 'keep-dropped' }).dropped).toBeNull();
    const second = after(asked, { type: 'files', files: brought('b.safetensors'), as: 'second' });
    expect(second).toMatchObject({ dropped: null, work: { name: 'b.safetensors' } });
  });

  it('a config alone is for the file that is open', () => {
    const state = after(INITIAL_STATE, opened(), { type: 'files', files: brought('adapter_config.json') });
    expect(state.dropped).toBeNull();
  });
});

describe('a file', () => {
  it('that is read in any order is read once every module is, and has its warnings then', () => {
    const part = after(INITIAL_STATE, opened(), measured(2, 3));
    expect(part.files[0]?.reading).toMatchObject({ done: 1, stopped: false });
    expect(part.files.flatMap(fileWarnings)).toEqual([]);
    const all = after(part, measured(0, 2));
    expect(all.files[0]?.reading).toBeNull();
    expect(all.files.flatMap(fileWarnings).length).toBeGreaterThan(0);
    expect(all.files[0]?.figures.map((one) => one?.sigma.length)).toEqual([3, 3, 3]);
  });

  it('whose reading is stopped keeps what was read, and goes on with the rest', () => {
    const stopped = after(INITIAL_STATE, opened(), measured(0, 1), { type: 'cancel' });
    expect(stopped.files[0]?.reading).toMatchObject({ done: 1, stopped: true });
    const on = after(stopped, { type: 'read-rest' }, measured(1, 3));
    expect(on.files[0]?.reading).toBeNull();
  });

  it('that fails while it is read is stopped, and no other is', () => {
    const both = after(INITIAL_STATE, opened(), opened(1, 1), measured(0, 1), measured(0, 1, 1));
    const state = after(both, { type: 'failed', title: 'Gone.', details: '', file: 1 });
    expect(state.files.map(({ reading }) => reading?.stopped)).toEqual([false, true]);
    expect(state.notices).toMatchObject([{ tone: 'bad', title: 'Gone.' }]);
    expect(after(state, { type: 'dismiss', id: state.notices[0]?.id ?? -1 }).notices).toEqual([]);
  });
});

describe('α', () => {
  const frobenius = (state: AdaptersState) => state.files[0]?.figures.map((one) => one?.frobenius ?? 0) ?? [];

  it('is asked for where the file has none, and scales what was measured before and after the answer', () => {
    const asks = after(INITIAL_STATE, opened(), measured(0, 1));
    expect(asks.files[0]?.asksAlpha).toBe(true);
    const said = after(asks, { type: 'alpha', answer: { alpha: 6 } }, measured(1, 3));
    expect(said.files[0]?.asksAlpha).toBe(false);
    for (const [i, norm] of frobenius(said).entries()) expect(norm).toBeCloseTo(2 * (figures[i]?.frobenius ?? 0), 10);
    expect(said.files[0]?.figures[0]?.rank95).toBe(figures[0]?.rank95);
  });

  it('can be answered again: figures are as if the last answer had been the first', () => {
    const once = after(INITIAL_STATE, opened(), measured(), { type: 'alpha', answer: { alpha: 12 } });
    const again = after(once, { type: 'alpha', answer: 'ask' });
    expect(again.files[0]?.asksAlpha).toBe(true);
    const rank = after(again, { type: 'alpha', answer: 'rank' });
    for (const [i, norm] of frobenius(rank).entries()) expect(norm).toBeCloseTo(figures[i]?.frobenius ?? 0, 10);
    const unknown = after(once, { type: 'alpha', answer: 'ask' }, { type: 'alpha', answer: 'unknown' });
    expect(unknown.files[0]?.adapter.modules[0]?.scaling).toBeNull();
    for (const [i, norm] of frobenius(unknown).entries()) expect(norm).toBeCloseTo(figures[i]?.frobenius ?? 0, 10);
  });
});

describe('two files', () => {
  const matched = {
    pairs: [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
    onlyFirst: [],
    onlySecond: [],
    notPairs: [[], []],
    unlike: [],
  } as const;
  const both = () => after(INITIAL_STATE, opened(), opened(1, 1), { type: 'matched', matched });

  it('open beside each other, and a third takes the place of the second', () => {
    expect(both()).toMatchObject({ files: [{ id: 0 }, { id: 1 }], pair: { plan: { weights: [1, 1] } } });
    const third = after(both(), opened(1, 2));
    expect(third.files.map(({ id }) => id)).toEqual([0, 2]);
    expect(third.pair).toBeNull();
    expect(after(third, opened(0, 3)).files.map(({ id }) => id)).toEqual([3]);
  });

  it('change places with their weights, and what is written is for how they stood', () => {
    const weighed = after(both(), { type: 'merge', changes: { weights: [0.5, -1] } }, { type: 'swap' });
    expect(weighed.files.map(({ id }) => id)).toEqual([1, 0]);
    expect(weighed.pair?.plan.weights).toEqual([-1, 0.5]);
    expect(after(weighed, { type: 'matched', matched }).pair?.plan.weights).toEqual([-1, 0.5]);
  });

  it('are closed together', () => {
    expect(after(both(), { type: 'close' })).toEqual(INITIAL_STATE);
  });
});

it('shows the module that has changed most, until a person chooses', () => {
  const norms = figures.map(({ frobenius }) => frobenius);
  const max = norms.indexOf(Math.max(...norms));
  expect(after(INITIAL_STATE, opened(), measured()).chosen).toBe(max);
  const other = (max + 1) % 3;
  expect(after(INITIAL_STATE, opened(), { type: 'choose', module: other }, measured()).chosen).toBe(other);
});

it('a module that is not there is not chosen, and details of another are dropped', () => {
  const state = after(INITIAL_STATE, opened(), { type: 'choose', module: 1 });
  expect(state.chosen).toBe(1);
  expect(after(state, { type: 'choose', module: 9 }).chosen).toBe(1);
  const detail = {
    file: 0,
    module: 0,
    B: new Float32Array(0),
    A: new Float32Array(0),
    blocksOfRows: 0,
    blocksOfCols: 0,
  };
  const late = after(state, { type: 'detail', detail: { ...detail, block: [1, 1] } });
  expect(late.detail).toBeNull();
});
