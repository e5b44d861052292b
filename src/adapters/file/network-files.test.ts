import { describe, expect, it } from 'vitest';
import { peftFolder } from '../../experiment/export/peft.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { multiply, subtract } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { exportedRunOf } from '../../state/run-file/exported-run.ts';
import { trainedState } from '../../state/run-file/testing/trained-state.ts';
import { readFactors } from './factors.ts';
import { sourceOf } from './file-source.ts';
import { openAdapter } from './open.ts';

const CASES: readonly (readonly [name: string, Partial<Experiment>, places: readonly (string | null)[]])[] = [
  ['digits, the last matrix at a rank of its own', { target: 'digits', rank: 12, alpha: 24 }, [null, null, null]],
  [
    'digits, PiSSA and rsLoRA',
    { target: 'digits', rank: 4, alpha: 8, init: 'pissa', scaling: 'rslora' },
    [null, null, null],
  ],
  ['a classifier', { target: 'classifier', rank: 2, alpha: 8 }, [null]],
  [
    'a decoder',
    { target: 'transformer', rank: 3, alpha: 6, modules: 'q,o,down', batch: 4, steps: 2 },
    ['layer 0 q', 'layer 0 out', 'layer 0 down', 'layer 1 q', 'layer 1 out', 'layer 1 down'],
  ],
];

describe.each(CASES)('the PEFT file of a network: %s', (_, changes, places) => {
  it('opens with its modules, places, ranks, scaling and spectra', async () => {
    const { run } = await trainedState(change(defaults(), { steps: 4, ...changes }));
    const exported = exportedRunOf(run, '1', 'https://example.org/');
    if (!exported) throw new Error('no run');
    const files = new Map(peftFolder(exported).map(({ name, content }) => [name, content]));
    const source = sourceOf(new Blob([files.get('adapter_model.safetensors') ?? '']), 'adapter_model.safetensors');
    const adapter = await openAdapter(source, String(files.get('adapter_config.json')), null);
    if ('fault' in adapter) throw new Error(`${adapter.fault} ${adapter.details}`);
    expect(adapter).toMatchObject({ naming: 'peft', alphaFrom: 'config', unpaired: [], others: [] });
    expect(adapter.modules.map(({ name }) => name).toSorted()).toEqual(
      exported.modules.map(({ name }) => name).toSorted(),
    );
    for (const { name, d, k, rank, initial, final } of exported.modules) {
      const module = adapter.modules.find((one) => one.name === name);
      if (module?.kind !== 'lora') throw new Error(name);
      const moves = changes.init === 'pissa';
      const s = run.experiment.alpha / (run.experiment.scaling === 'rslora' ? Math.sqrt(rank) : rank);
      expect(module).toMatchObject({ d, k, rank: moves ? 2 * rank : rank });
      expect(module.scaling).toBeCloseTo(s, 12);
      const factors = await readFactors(source, module);
      if ('fault' in factors) throw new Error(factors.fault);
      const update = multiply(final.B, final.A);
      const wanted = singularValues(moves ? subtract(update, multiply(initial.B, initial.A)) : update);
      const found = singularValues(multiply(factors.B, factors.A));
      for (const [i, value] of found.entries())
        expect(Math.abs(value - wanted[i])).toBeLessThan(1e-5 * Math.max(wanted[0], 1e-3));
    }
    expect(adapter.modules.map(({ place }) => place && `${place.layer} ${place.type}`)).toEqual(places);
  });
});
