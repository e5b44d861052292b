import { expect, it } from 'vitest';
import { fileFigures } from '../file/figures/file-figures.ts';
import { openAdapter } from '../file/open.ts';
import { sizeSearch } from '../file/resize/size-choices.ts';
import { decoderOf12 } from '../file/testing/models.ts';
import type { AdaptersState, OpenedFile } from './adapters-state.ts';
import { cutRows, cutTable } from './cut-rows.ts';
import { cutPlan, floorOf, newFileName, smallerPlan } from './predictions.ts';
import { INITIAL_STATE, updateAdapters } from './update-adapters.ts';

async function opened(): Promise<AdaptersState> {
  const { source, config } = await decoderOf12();
  const adapter = await openAdapter(source, config, null);
  if ('fault' in adapter) throw new Error(adapter.fault);
  const figures = await Promise.all(adapter.modules.map((module) => fileFigures(source, module)));
  const file: OpenedFile = { id: 1, adapter, asRead: adapter, figures, reading: null, asksAlpha: false };
  return { ...INITIAL_STATE, files: [file] };
}

const cutOrFail = (state: AdaptersState) => {
  const cut = cutPlan(state);
  if (!cut) throw new Error('nothing can be cut');
  return cut;
};

it('the chosen size is the cut that Resize shows and writes, whatever was set there; another file begins anew', async () => {
  const before = await opened();
  const { adapter } = before.files[0];
  const most = Math.round(0.7 * adapter.bytes);
  for (const goal of ['nearly', 'half', 'smallest', 'most'] as const) {
    const chosen = [
      { type: 'way', way: { by: 'rank', rank: 2 } } as const,
      { type: 'resize', changes: { dtype: 'F16', most: 3, split: 'up' } } as const,
      { type: 'smaller', changes: { goal, most } } as const,
    ].reduce(updateAdapters, before);
    expect(smallerPlan(chosen)).toBeNull();
    const spectra = cutOrFail(before).spectra;
    const choices = await sizeSearch(adapter, spectra).choices(most, async () => {});
    const found = updateAdapters(chosen, { type: 'sizes', sizes: { ...choices, adapter, readSeconds: 1 } });
    const smaller = smallerPlan(found);
    if (!smaller?.plan) throw new Error('nothing can be made smaller');
    const { limit, predicted } = smaller.choices[goal];
    expect(predicted.bytes).toBeLessThanOrEqual(limit);
    const resized = updateAdapters(found, { type: 'resize', changes: smaller.plan });
    expect(cutOrFail(resized).foretold).toBe(predicted);
    // Without the worker's result it is computed, and is the same.
    expect(cutOrFail({ ...resized, sizes: null }).foretold).toEqual(predicted);
    const floor = floorOf(cutOrFail(resized));
    expect(floor).toBe(choices.floor);
    expect(floorOf(cutOrFail({ ...resized, sizes: null }))).toEqual(floor);
    // Half the bytes for each number: another plan.
    const halved = cutOrFail(updateAdapters(resized, { type: 'resize', changes: { dtype: 'F16' } }));
    expect(halved.foretold.error).toBeLessThan(predicted.error);
    expect(floorOf(halved).at(-1)?.bytes).toBeLessThan(floor.at(-1)?.bytes ?? 0);
    expect(newFileName(resized, 'resize')).toMatch(
      new RegExp(`-${Math.round(predicted.bytes / 1e3)}kB\\.safetensors$`),
    );
    const next = updateAdapters(found, { type: 'opened', file: 2, slot: 0, adapter });
    expect([next.smaller, next.sizes]).toEqual([before.smaller, null]);
    // Another size is searched for: until it is found there is nothing to write.
    const typed = updateAdapters(found, { type: 'smaller', changes: { goal: 'most', most: most - 4000 } });
    expect(smallerPlan(typed)?.plan).toBeNull();
    const size = sizeSearch(adapter, spectra).most(most - 4000);
    expect(smallerPlan(updateAdapters(typed, { type: 'size', size }))?.plan?.way).toMatchObject({ bytes: most - 4000 });
  }
  const reading = { ...before.files[0], reading: { done: 1, secondsLeft: null, stopped: false } };
  expect(smallerPlan({ ...before, files: [reading] })).toBeNull();
});

it('tells of each module what kohya’s script prints, and the error that is left', async () => {
  const cut = cutOrFail(await opened());
  const rows = cutRows(cut);
  expect(rows).toHaveLength(12);
  for (const { index, kept, energy, sum, fro, ratio, alpha, error } of rows) {
    const sigma = [...(cut.spectra[index]?.sigma ?? [])];
    const total = (list: readonly number[], power: number) => list.reduce((all, x) => all + x ** power, 0);
    const head = sigma.slice(0, kept);
    expect(energy).toBeCloseTo(total(head, 2) / total(sigma, 2), 12);
    expect(energy).toBeGreaterThanOrEqual(0.95);
    expect(total(sigma.slice(0, kept - 1), 2) / total(sigma, 2)).toBeLessThan(0.95);
    expect(sum).toBeCloseTo(total(head, 1) / total(sigma, 1), 12);
    expect(fro ** 2).toBeCloseTo(energy, 12);
    expect(error ** 2).toBeCloseTo(1 - energy, 9);
    expect(ratio).toBeCloseTo((sigma[0] ?? 0) / (sigma[kept - 1] ?? 0), 12);
    // α = 8 at r = 8: s stays 1.
    expect(alpha).toBe(kept);
  }
  const { columns, rows: lines } = cutTable(cut);
  expect(lines.every((line) => line.length === columns.length)).toBe(true);
});

it('keeps a cut as long as file and plan are the same, and the curves as long as the format is', async () => {
  const state = await opened();
  expect(cutPlan({ ...state, chosen: 3 })).toBe(cutPlan(state));
  const before = floorOf(cutOrFail(state));
  const other = updateAdapters(state, { type: 'way', way: { by: 'rank', rank: 2 } });
  expect(cutPlan(other)).not.toBe(cutPlan(state));
  expect(floorOf(cutOrFail(other))).toBe(before);
  const halved = updateAdapters(state, { type: 'resize', changes: { dtype: 'F16' } });
  expect(floorOf(cutOrFail(halved))).not.toBe(before);
});

it('cuts by hand beginning with what the plan gives, its limits among it', async () => {
  const state = await opened();
  const limited = updateAdapters(state, { type: 'resize', changes: { most: 2 } });
  const ranks = cutOrFail(limited).foretold.ranks;
  expect(Math.max(...ranks)).toBe(2);
  const byHand = updateAdapters(limited, { type: 'cut', module: 4, rank: 7 });
  expect(byHand.resize).toMatchObject({ way: { by: 'hand' }, most: null });
  expect(cutOrFail(byHand).foretold.ranks).toEqual(ranks.map((rank, i) => (i === 4 ? 7 : rank)));
  expect(cutOrFail(updateAdapters(byHand, { type: 'cut', module: 4, rank: 99 })).foretold.ranks[4]).toBe(8);
  expect(cutOrFail(updateAdapters(byHand, { type: 'cut', module: 4, rank: -3 })).foretold.ranks[4]).toBe(1);
  expect(updateAdapters(byHand, { type: 'cut', module: 4, rank: 7 })).toBe(byHand);
  expect(updateAdapters(byHand, { type: 'cut', module: 99, rank: 2 })).toBe(byHand);
});

it('has no cut before all is read', async () => {
  const state = await opened();
  const [file] = state.files;
  if (!file) throw new Error('no file');
  const reading = { done: 3, secondsLeft: null, stopped: true };
  expect(cutPlan({ ...state, files: [{ ...file, reading }] })).toBeNull();
  expect(cutPlan(INITIAL_STATE)).toBeNull();
});
