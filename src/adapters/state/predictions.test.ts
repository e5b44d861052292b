import { expect, it } from 'vitest';
import { fileFigures } from '../file/figures/file-figures.ts';
import { openAdapter } from '../file/open.ts';
import { makeFile, makePair } from '../file/testing/make-file.ts';
import { newFileName } from './predictions.ts';
import { INITIAL_STATE, updateAdapters } from './update-adapters.ts';

it('a new file is named after the old ones, its ranks or its naming, without folders', async () => {
  const { B, A } = makePair(8, 6, [4, 0.1, 0.01], 1);
  const made = await makeFile('checkpoint-5/adapter_model.safetensors', [
    { name: 'base_model.model.q.lora_A.weight', shape: [3, 6], values: A.data },
    { name: 'base_model.model.q.lora_B.weight', shape: [8, 3], values: B.data },
  ]);
  const adapter = await openAdapter(made.source, null, 'rank');
  if ('fault' in adapter) throw new Error(adapter.fault);
  const figures = [await fileFigures(made.source, adapter.modules[0])];
  const state = [
    { type: 'opened', file: 0, slot: 0, adapter } as const,
    { type: 'opened', file: 1, slot: 1, adapter: { ...adapter, name: 'other.safetensors' } } as const,
    { type: 'measured', file: 0, from: 0, figures, secondsLeft: null } as const,
  ].reduce(updateAdapters, INITIAL_STATE);
  expect(newFileName(state, 'resize')).toBe('checkpoint-5-adapter_model-r1.safetensors');
  expect(newFileName(state, 'merge')).toBe('checkpoint-5-adapter_model-and-other.safetensors');
  expect(newFileName({ ...state, convertTo: 'kohya' }, 'convert')).toBe('checkpoint-5-adapter_model-kohya.safetensors');
});
