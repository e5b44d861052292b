import { describe, expect, it } from 'vitest';
import { spectrumNorm } from '../../../math/spectral/spectra.ts';
import { labObstacle } from '../../state/lab-module.ts';
import { baseFigures } from '../base/base-figures.ts';
import { matchBase } from '../base/base-weights.ts';
import { opened as openedBase } from '../checkpoints/testing/made-up-pair.ts';
import { fileFigures } from '../figures/file-figures.ts';
import { sourceOf } from '../file-source.ts';
import type { Adapter, ByteSource } from '../model.ts';
import { openAdapter } from '../open.ts';
import { grownFile } from '../resize/grown-file.ts';
import { warningsOf } from '../warnings/warnings.ts';
import golden from './golden/peft.json';

interface Opened {
  readonly source: ByteSource;
  readonly adapter: Adapter;
}

async function opened({ name, file, config }: (typeof golden)[number]): Promise<Opened> {
  const source = sourceOf(new Blob([Buffer.from(file, 'base64')]), `${name}.safetensors`);
  const adapter = await openAdapter(source, JSON.stringify(config), null);
  if ('fault' in adapter) throw new Error(adapter.fault);
  return { source, adapter };
}

const normsOf = async ({ source, adapter }: Opened) => {
  const figures = await Promise.all(adapter.modules.map((module) => fileFigures(source, module)));
  return new Map(adapter.modules.map(({ name }, i) => [name, figures[i].frobenius]));
};

describe('files that PEFT wrote', () => {
  it.each(golden)('$name: ‖ΔW‖ is that of get_delta_weight', async (one) => {
    const found = await normsOf(await opened(one));
    const wanted = Object.entries(one.modules);
    expect([...found.keys()].sort()).toEqual(wanted.map(([name]) => name).sort());
    for (const [name, { norm }] of wanted) expect(Math.abs((found.get(name) ?? 0) / norm - 1)).toBeLessThan(1e-6);
  });

  const begun = golden.filter(({ name }) => name === 'pissa' || name === 'olora');
  it.each(begun)('$name: what it changes in W₀ is not s·B·A, which is said, and nothing is written', async (one) => {
    const { source, adapter } = await opened(one);
    const [first] = Object.values(one.modules);
    expect('added' in first ? first.added : first.norm).toBeLessThan(0.9 * first.norm);
    const called = one.name === 'pissa' ? 'PiSSA' : 'OLoRA';
    const said = warningsOf(adapter, []).find(({ about }) => about === 'start');
    expect(said?.title).toBe(`This adapter began from W₀ (${called}).`);
    const figures = await fileFigures(source, adapter.modules[0]);
    expect(labObstacle(adapter.modules[0], figures)).toBe(`with ${called}, s·B·A is not ΔW`);
    expect(grownFile(source, adapter, { rank: 4, seed: 1 })).toMatchObject({
      fault: `An adapter that began from W₀ (${called}) is read, and not written.`,
    });
  });

  it.each(begun)('$name: with W₀ beside it, ΔW is what PEFT adds to W₀', async (one) => {
    const { source, adapter } = await opened(one);
    const wanted = Object.entries(one.modules as object as Readonly<Record<string, { added: number; weight: string }>>);
    const base = await openedBase(
      wanted.map(([name, { weight }]) => {
        const values = new Float32Array(new Uint8Array(Buffer.from(weight, 'base64')).buffer);
        return { name: `model.${name}.weight`, shape: [values.length / 6, 6], values };
      }),
      'model',
    );
    const matches = matchBase(adapter, base);
    for (const [i, module] of adapter.modules.entries()) {
      const match = 'fault' in matches ? matches.details : matches[i];
      if (typeof match === 'string') throw new Error(match);
      const figures = await baseFigures(source, module, match, { leading: 'small' });
      if ('fault' in figures) throw new Error(figures.details);
      const { added } = wanted.find(([name]) => name === module.name)?.[1] ?? {};
      // PEFT computes in float32.
      expect(Math.abs(figures.norm / (added ?? Number.NaN) - 1)).toBeLessThan(2e-6);
      expect(figures.begun?.spectrum.sigma).toHaveLength(4);
      expect(spectrumNorm(figures.begun?.spectrum.sigma ?? new Float64Array()) / figures.norm).toBeCloseTo(1, 12);
      expect(figures.alignment?.rank).toBe(4);
    }
  });

  it('two patterns for one module are said, since PEFT sorts them as it saves', async () => {
    const warned = await Promise.all(
      golden.map(async (one) => {
        const { adapter } = await opened(one);
        return warningsOf(adapter, []).find(({ about }) => about === 'patterns-differ');
      }),
    );
    expect(golden.filter((_, i) => warned[i]).map(({ name }) => name)).toEqual(['two patterns']);
    expect(warned.find((of) => of)?.details).toContain('α = 5 for layers.1.v_proj, not 1.');
  });
});
