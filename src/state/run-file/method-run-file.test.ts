/** Run files of methods beside LoRA. */

import { beforeAll, describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { methods } from '../../experiment/methods/index.ts';
import { fileKey } from '../../experiment/methods/method.ts';
import { RunFileFault } from '../../experiment/run-file/json-checks.ts';
import { readRunFile } from '../../experiment/run-file/read-run-file.ts';
import type { NumberRows } from '../../experiment/run-file/run-file.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { State } from '../state.ts';
import { runTextOf } from './run-text.ts';
import { openedState } from './testing/opened-state.ts';
import { trainedState } from './testing/trained-state.ts';

const CASES: readonly Partial<Experiment>[] = [
  { method: 'dora', rank: 3, norm: 'exact' },
  { method: 'oft', block: 6 },
  { method: 'lokr', factor: '6x3' },
  { method: 'hira', rank: 2 },
  { method: 'shira', entries: 33, places: 'random' },
  { method: 'ia3', side: 'in' },
  { method: 'lora-xs', rank: 4 },
  // d < k: ΔW stands in the place of A.
  { method: 'oft', d: 12, k: 18, block: 4 },
];

const textOf = async (state: State) => (await runTextOf(state.run, '1', true, async () => {}))?.pieces.join('') ?? '';

it('are tested for every method', () => {
  const looked = CASES.map(({ method }) => method);
  for (const { name } of methods.all) expect(looked.includes(name)).toBe(name !== 'lora');
});

describe.each(CASES)('%o', (changes) => {
  let state: State;
  let text = '';
  // Parsed JSON.
  let file: ReturnType<typeof JSON.parse>;
  beforeAll(async () => {
    state = await trainedState(change(defaults(), { target: 'rotation', d: 18, k: 12, steps: 15, ...changes }));
    text = await textOf(state);
    file = JSON.parse(text);
  });

  it('has the settings in its link, its own numbers at both ends, and ΔW, whose error is the last of the curve', () => {
    const { experiment, faults } = parseLink(`#${file.link.split('#')[1]}`);
    expect(faults).toEqual([]);
    expect(experiment).toMatchObject(changes);
    // The default α of 16: V of DoRA is W₀ + s·B·A.
    expect(file.scaling).toBe({ dora: 16 / 3, 'lora-xs': 4 }[String(experiment.method)] ?? 1);
    const [layer] = file.layers;
    const shapes = methods.byName(experiment.method as 'oft').own(experiment);
    const keys = shapes.map(({ name }) => fileKey(name));
    const more = experiment.method === 'shira' ? ['places'] : [];
    expect(Object.keys(layer.initial).sort()).toEqual([...keys, ...more].sort());
    expect(Object.keys(layer.final).sort()).toEqual([...keys, 'dW'].sort());
    for (const { name, rows, cols } of shapes)
      for (const end of [layer.initial, layer.final])
        expect([end[fileKey(name)].length, end[fileKey(name)][0].length]).toEqual([rows, cols]);
    const distance = (dW: NumberRows) =>
      Math.hypot(...dW.flatMap((row, i) => row.map((x, j) => x - layer.target[i][j])));
    expect(distance(layer.final.dW) / Math.hypot(...layer.target.flat())).toBeCloseTo(
      file.trace.relativeError.at(-1),
      5,
    );
    expect(layer.final[keys[keys.length - 1]]).not.toEqual(layer.initial[keys[keys.length - 1]]);
  });

  it('opens with its curves, contradicts nothing, and is written again as it was', async () => {
    expect(Array.from(readRunFile(text).trace.series.loss)).toEqual(file.trace.loss);
    const opened = await openedState(text);
    expect(opened.notices).toEqual([]);
    expect(opened.experiment).toMatchObject(changes);
    const again = JSON.parse(await textOf(opened));
    expect({ ...again, link: '' }).toEqual({ ...file, link: '' });
    expect(again.link.split('&pace')[0]).toBe(file.link.split('&pace')[0]);
  });

  it('that claims other numbers than its link gives is reported, and one that lacks some is refused', async () => {
    const edited = (edit: (layer: ReturnType<typeof JSON.parse>) => void) => {
      const copy = structuredClone(file);
      edit(copy.layers[0]);
      return JSON.stringify(copy);
    };
    const [key] = Object.keys(file.layers[0].initial);
    const { notices } = await openedState(edited(({ initial }) => (initial[key][0][0] += 1)));
    expect(notices.flatMap(({ texts }) => texts).join(' ')).toContain('at step 0');
    expect(() => readRunFile(edited(({ final }) => delete final.dW))).toThrow(RunFileFault);
    expect(() => readRunFile(edited(({ initial }) => initial[key].pop()))).toThrow(RunFileFault);
    expect(() => readRunFile(edited(({ final }) => (final[key][0][0] = '<b>')))).toThrow(RunFileFault);
  });
});
