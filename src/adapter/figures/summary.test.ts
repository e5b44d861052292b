import { expect, it } from 'vitest';
import { openAdapter } from '../open.ts';
import { madeFile, madePair } from '../testing/made.ts';
import { fileFigures } from './file-figures.ts';
import { summary } from './summary.ts';

it('counts what the sentence on top says', async () => {
  // Directions for 95% of the energy: 1 of 4, 4 of 4, 2 of 2, none of a zero matrix, and a module with NaN.
  const spectra = [[10, 0.1, 0.1, 0.1], [1, 1, 1, 1], [1, 1], [0, 0], [1]];
  const tensors = spectra.flatMap((sigma, i) => {
    const { B, A } = madePair(300, 280, sigma, i);
    if (i === 4) B.data[5] = Number.NaN;
    const name = `base_model.model.layers.${i}.q_proj`;
    return [
      { name: `${name}.lora_A.weight`, shape: [sigma.length, 280], values: A.data },
      { name: `${name}.lora_B.weight`, shape: [300, sigma.length], values: B.data },
    ];
  });
  const { source } = await madeFile('s.safetensors', tensors);
  const adapter = await openAdapter(source, null, 'rank');
  if ('fault' in adapter) throw new Error(adapter.details);
  const figures = await Promise.all(adapter.modules.map((module) => fileFigures(source, module)));
  expect(summary(adapter, figures)).toEqual({
    modules: 5,
    read: 5,
    counted: 4,
    ranks: [
      [4, 2],
      [2, 2],
      [1, 1],
    ],
    for95: [
      [1, 1],
      [2, 1],
      [4, 1],
    ],
    needAll: 2,
    needHalf: 1,
    directions: 12,
    directions95: 7,
    zero: 1,
    notFinite: 1,
  });
  expect(summary(adapter, [figures[0], null]).read).toBe(1);
});
