import { describe, expect, it } from 'vitest';
import type { BaseFigures } from '../file/base/base-figures.ts';
import { openAdapter } from '../file/open.ts';
import { decoderOf12 } from '../file/testing/models.ts';
import type { AdaptersState } from './adapters-state.ts';
import { figuresBeside, relativeNorms } from './base-state.ts';
import { INITIAL_STATE, updateAdapters } from './update-adapters.ts';

const files = [{ file: new File([], 'base.safetensors'), path: 'base.safetensors' }];
const matched = { name: 'base.safetensors', bytes: 1, tensors: 12, found: 11 };
const of: BaseFigures = { norm: 1, baseNorm: 4, alignment: null, merged: [], dora: null, begun: null };

async function opened(): Promise<AdaptersState> {
  const { source, config } = await decoderOf12();
  const adapter = await openAdapter(source, config, null);
  if ('fault' in adapter) throw new Error(adapter.details);
  return updateAdapters(INITIAL_STATE, { type: 'opened', file: 0, slot: 0, adapter });
}

describe('a base beside the first file', () => {
  it('is opened, matched and measured, and goes with another file', async () => {
    const asked = updateAdapters(await opened(), { type: 'files', files, as: 'adapter-base' });
    expect(asked.base).toMatchObject({ model: { name: 'base.safetensors' }, matched: null });
    const found = updateAdapters(asked, { type: 'base-matched', file: 0, base: matched });
    expect(found.base?.reading).toEqual({ done: 0, secondsLeft: null, stopped: false });
    const run = { from: 3, figures: [of, 'No tensor.'], secondsLeft: 2 };
    const some = updateAdapters(found, { type: 'base-measured', file: 0, ...run });
    expect(some.base?.reading).toEqual({ done: 2, secondsLeft: 2, stopped: false });
    expect([figuresBeside(some.base, 3), figuresBeside(some.base, 4)]).toEqual([of, null]);
    expect(relativeNorms(some.base).slice(2, 5)).toEqual([null, 0.25, null]);
    const asks = updateAdapters(some, { type: 'base-leading', module: 3 });
    expect(asks.base?.leading).toBe(3);
    for (const event of [{ type: 'base-measured', file: 0, ...run }, { type: 'cancel' }] as const)
      expect(updateAdapters(asks, event).base?.leading).toBeNull();
    const stopped = updateAdapters(some, { type: 'cancel' });
    expect(stopped.base?.reading?.stopped).toBe(true);
    expect(updateAdapters(stopped, { type: 'read-rest' }).base?.reading?.stopped).toBe(false);
    expect(updateAdapters(some, { type: 'base-close' }).base).toBeNull();
    const { adapter } = some.files[0];
    expect(updateAdapters(some, { type: 'opened', file: 1, slot: 0, adapter }).base).toBeNull();
    expect(updateAdapters(some, { type: 'opened', file: 1, slot: 1, adapter }).base).toBe(some.base);
  });

  it('is not there if its files are several models, or cannot be read', async () => {
    const two = [...files, { file: new File([], 'x.safetensors'), path: 'x.safetensors' }];
    const refused = updateAdapters(await opened(), { type: 'files', files: two, as: 'adapter-base' });
    expect(refused.base).toBeNull();
    expect(refused.notices[0].title).toBe('These are several models.');
    const asked = updateAdapters(await opened(), { type: 'files', files, as: 'adapter-base' });
    const failed = updateAdapters(asked, { type: 'failed', title: 'No.', details: 'It is not.', ofBase: true });
    expect([failed.base, failed.files.length, failed.notices[0].title]).toEqual([null, 1, 'No.']);
  });
});
