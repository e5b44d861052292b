import { describe, expect, it } from 'vitest';
import type { DifferenceFigures } from '../file/checkpoints/difference-figures.ts';
import type { ComparedModels } from '../worker/protocol.ts';
import type { AdaptersState } from './adapters-state.ts';
import { INITIAL_STATE, updateAdapters } from './update-adapters.ts';

const imported = (path: string) => ({ file: new File([], path), path });
const facts = { name: 'm', bytes: 1, tensors: 3 };
const place = { layer: 'layer 0', order: [0], group: 'attention', type: 'q' };

const matched: ComparedModels = {
  ...{ base: facts, fine: facts, onlyBase: [], onlyFine: [], unlike: [], notFloat: [], prefix: '' },
  pairs: ['norm.weight', 'q.weight', 'k.weight'].map((name, i) => ({
    ...{ name, place: i === 0 ? null : place, shape: i === 0 ? [4] : [4, 4], dtypes: ['F32', 'F32'] as const },
    ...{ matrix: i === 0 ? null : { d: 4, k: 4 }, canCountIntruders: i > 0 },
  })),
};

const changed = (norm: number): DifferenceFigures => ({
  ...{ change: 'changed', norm, baseNorm: 2, fineNorm: 2, odd: null },
  spectrum: null,
});

const asked = updateAdapters(INITIAL_STATE, { type: 'models' });
const measuring = updateAdapters(asked, { type: 'models-matched', matched });

describe('two whole models', () => {
  it('takes files for the base first, and two at once for both', () => {
    const one = updateAdapters(asked, { type: 'files', files: [imported('a.safetensors')] });
    expect(one.models?.base?.name).toBe('a.safetensors');
    expect(one.models?.fine).toBeNull();
    const both = updateAdapters(asked, {
      type: 'files',
      files: [imported('a.safetensors'), imported('b.safetensors')],
    });
    expect([both.models?.base?.name, both.models?.fine?.name]).toEqual(['a.safetensors', 'b.safetensors']);
    const swapped = updateAdapters(both, { type: 'models-swap' });
    expect([swapped.models?.base?.name, swapped.models?.fine?.name]).toEqual(['b.safetensors', 'a.safetensors']);
  });

  it('says why files are not one model, and keeps what was chosen', () => {
    const chosen = updateAdapters(asked, { type: 'files', files: [imported('a.safetensors')], as: 'fine' });
    for (const files of [[imported('a.bin')], ['b', 'c'].map((name) => imported(`${name}.safetensors`))]) {
      const after = updateAdapters(chosen, { type: 'files', files, as: 'base' });
      expect(after.notices).toHaveLength(1);
      expect(after.models).toBe(chosen.models);
    }
  });

  it('shows the matrix that changed most once all is measured, unless a person has chosen', () => {
    const run = { type: 'models-measured', secondsLeft: null } as const;
    const part = updateAdapters(measuring, { ...run, from: 0, figures: [changed(9), changed(1)] });
    expect(part.models?.reading?.done).toBe(2);
    expect(part.models?.chosen).toBe(1);
    const all = { ...run, from: 2, figures: [changed(2)] };
    expect(updateAdapters(part, all).models).toMatchObject({ reading: null, chosen: 2 });
    const picked = updateAdapters(part, { type: 'models-choose', pair: 1 });
    expect(updateAdapters(picked, all).models?.chosen).toBe(1);
  });

  it('stops, keeps what was measured, and goes on', () => {
    const stopped = updateAdapters(measuring, { type: 'cancel' });
    expect(stopped.models?.reading?.stopped).toBe(true);
    expect(updateAdapters(stopped, { type: 'read-rest' }).models?.reading?.stopped).toBe(false);
  });

  it('keeps the figures when counting is cancelled, and ends it with its own result alone', () => {
    const all = { type: 'models-measured', secondsLeft: null, from: 0, figures: [1, 2, 3].map(changed) } as const;
    const counting = (of: AdaptersState, pair: number) => updateAdapters(of, { type: 'models-intruders', pair });
    const first = counting(updateAdapters(measuring, all), 1);
    const stopped = updateAdapters(first, { type: 'cancel' });
    expect(stopped.models).toEqual({ ...first.models, counting: null });
    // What was cancelled may have been done already.
    const late = updateAdapters(counting(stopped, 2), { ...all, from: 1, figures: [changed(5)] });
    expect(late.models).toMatchObject({ counting: 2, figures: [changed(1), changed(5), changed(3)] });
    expect(updateAdapters(late, { ...all, from: 2, figures: [changed(6)] }).models?.counting).toBeNull();
  });

  it('after an error shows why, and nothing is being opened', () => {
    const failed = updateAdapters(asked, { type: 'failed', title: 'A shard lies.', details: 'x', ofModels: true });
    expect(failed.models?.refused?.fault).toBe('A shard lies.');
    expect(failed.notices[0].title).toBe('A shard lies.');
  });

  it('steps behind an adapter that is opened, and closes with its own button alone', () => {
    const files = updateAdapters(measuring, { type: 'close' });
    expect(files.models?.shown).toBe(true);
    expect(updateAdapters(measuring, { type: 'models-close' }).models).toBeNull();
  });
});
