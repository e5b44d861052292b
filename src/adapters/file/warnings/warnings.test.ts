import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFactors } from '../factors.ts';
import { fileFigures } from '../figures/file-figures.ts';
import { figuresOf, scaleFigures } from '../figures.ts';
import type { Adapter, Figures } from '../model.ts';
import { openAdapter } from '../open.ts';
import { withAlpha } from '../scaling.ts';
import { fixtures } from '../testing/fixtures.ts';
import { makeFile, makePair, type TestFile } from '../testing/make-file.ts';
import { decoderOf12, troubledDecoder, unetOf128 } from '../testing/models.ts';
import { warningsOf } from './warnings.ts';

async function opened({ source, config }: TestFile): Promise<{ adapter: Adapter; figures: Figures[] }> {
  const adapter = await openAdapter(source, config, null);
  if ('fault' in adapter) throw new Error(adapter.fault);
  const figures: Figures[] = [];
  for (const module of adapter.modules) {
    const factors = await readFactors(source, module);
    if ('fault' in factors) throw new Error(factors.fault);
    figures.push(figuresOf(factors, module.scaling));
  }
  return { adapter, figures };
}

describe('what to know', () => {
  it('is found in a file in which everything is wrong, in this order', async () => {
    const { adapter, figures } = await opened(await troubledDecoder());
    const warnings = warningsOf(adapter, figures);
    const said = (about: string) => warnings.find((warning) => warning.about === about);
    const names = (about: string) => said(about)?.modules.map((index) => adapter.modules[index].name);
    expect(warnings.map(({ about }) => about)).toEqual([
      'not-finite',
      'untrained',
      'spikes',
      'dead',
      'half-rank',
      'rank-one',
      'rslora',
      'patterns',
      'whole',
      'unpaired',
      'passed',
    ]);
    expect(said('not-finite')?.title).toBe('NaN in layer 11 · attention v.');
    expect(said('untrained')?.title).toBe('2 modules were never trained.');
    expect(names('untrained')?.sort()).toEqual(['model.layers.0.mlp.down_proj', 'model.layers.0.mlp.up_proj']);
    expect(said('spikes')?.title).toBe('Layer 4 · attention q stands out by far.');
    // A rank of 12 raised to 16 in all seven modules of layer 7.
    expect(said('dead')?.title).toBe('4 of 16 directions are dead in 7 modules.');
    expect(said('dead')?.details).toContain('Resizing to 12 ');
    expect(names('rank-one')).toContain('model.layers.5.self_attn.q_proj');
    expect(said('patterns')?.title).toBe('7 modules have another rank or α.');
    // α = 16 at r = 8 is √8·… in layer 2, 32/√16 = 8 elsewhere.
    expect(said('rslora')?.details).toContain('gives s = 8.');
    expect(said('whole')?.details).toBe('lm_head is stored whole (512,000 numbers) and copied unchanged.');
    expect(said('unpaired')?.details).toContain('layers.12.mlp.up_proj.lora_A.weight: B (up) is missing.');
    expect(said('half-rank')?.modules).toHaveLength(
      figures.filter(({ rank95, sigma, finite, untrained }) => finite && !untrained && rank95 <= sigma.length / 2)
        .length,
    );
  });

  it('names the three modules that stand out of 128, and α that is absent until a person says it', async () => {
    const { adapter, figures } = await opened(await unetOf128());
    const before = warningsOf(adapter, figures);
    expect(before[0]).toMatchObject({ about: 'alpha-absent', title: 'α is not in this file.', acts: ['alpha'] });
    expect(before[0].details).not.toContain('You');
    const [alpha, spikes, , one] = warningsOf(withAlpha(adapter, 'rank'), figures);
    expect(alpha.details).toBe('You chose α = r, so s = 1. Norms scale with s; ranks and shares do not.');
    expect(spikes.title).toBe('3 modules stand out.');
    const [largest] = spikes.modules;
    const boosted = figures.map((one, i) => (one && i === largest ? scaleFigures(one, 20) : one));
    const titles = warningsOf(adapter, boosted).map(({ title }) => title);
    expect(titles).toEqual(
      expect.arrayContaining([expect.stringMatching(/ stands out by far\.$/), '2 more modules stand out, by less.']),
    );
    expect(spikes.modules.map((index) => adapter.modules[index].place?.layer)).toEqual(['down 2·0', 'mid', 'up 1·0']);
    expect(one).toMatchObject({ about: 'rank-one', title: 'Up 2·2 · cross-attention out is nearly rank one.' });
    expect(warningsOf(withAlpha(adapter, { alpha: 8 }), figures)[0].details).toContain('You set α = 8, so s = 2.');
  });

  it('says of a sound file what was looked at, and nothing of what was not', async () => {
    const { adapter, figures } = await opened(await decoderOf12());
    const last = warningsOf(adapter, figures).at(-1);
    expect(last).toMatchObject({ tone: 'fine', about: 'passed' });
    expect(last?.title).toBe(
      'No NaN, no all-zero B, every α is known, nothing stands out, no dead directions, none is nearly rank one, every A has its B',
    );
    const unread = warningsOf(adapter, [figures[0], ...figures.slice(1).map(() => null)]);
    expect(unread.at(-1)?.title).toBe('Every α is known, every A has its B');
    expect(warningsOf(adapter, figures).map(({ about }) => about)).toContain('fan-in-fan-out');
  });

  it('is explained in docs/adapters.md, whatever is found', async () => {
    const docs = readFileSync('docs/adapters.md', 'utf8');
    const said = [...docs.slice(docs.indexOf('| the page says |')).matchAll(/^\| (.+?) \|/gm)]
      .slice(2)
      .map(([, title]) => title);
    const explained = said.map(
      (title) =>
        new RegExp(
          `^${title
            .split('…')
            .map((part) => part.replace(/[.()]/g, '\\$&'))
            .join('.*')}`,
        ),
    );
    const files = [
      ...(await fixtures()).map(({ file }) => file),
      await troubledDecoder(),
      await decoderOf12(),
      await unetOf128(),
    ];
    const found = new Set<string>();
    for (const { source, config } of files) {
      const adapter = await openAdapter(source, config, null);
      if ('fault' in adapter) throw new Error(adapter.fault);
      const figures: (Figures | null)[] = [];
      for (const module of adapter.modules) figures.push(await fileFigures(source, module));
      for (const { about, title, tone } of warningsOf(adapter, figures)) {
        found.add(about);
        if (tone !== 'fine') expect([title, explained.some((of) => of.test(title))]).toEqual([title, true]);
      }
    }
    expect(found.size).toBeGreaterThan(14);
  });

  const layers = (n: number, rank = 2, zero: (layer: number) => boolean = () => false) =>
    Array.from({ length: n }, (_, layer) => {
      const { B, A } = makePair(8, 8, Array(rank).fill(1), layer + 1);
      const name = `base_model.model.model.layers.${layer}.self_attn.q_proj`;
      return [
        { name: `${name}.lora_A.weight`, shape: [rank, 8], values: A.data },
        { name: `${name}.lora_B.weight`, shape: [8, rank], values: zero(layer) ? B.data.fill(0) : B.data },
      ];
    }).flat();
  const config = { peft_type: 'LORA', r: 2, lora_alpha: 4 };

  it('has no praise for what changes nothing: every B is 0, or α is', async () => {
    const zeros = await opened(
      await makeFile(
        'zeros.safetensors',
        layers(4, 2, () => true),
        { config },
      ),
    );
    expect(warningsOf(zeros.adapter, zeros.figures)).toMatchObject([
      { about: 'untrained', tone: 'bad', title: 'This adapter changes nothing.', modules: [] },
    ]);
    const none = await opened(await makeFile('none.safetensors', layers(4), { config: { ...config, lora_alpha: 0 } }));
    const said = warningsOf(none.adapter, none.figures);
    expect(said).toMatchObject([{ about: 'alpha-zero', tone: 'bad', title: 'This adapter changes nothing.' }]);
    expect(said[0].details).toBe('α = 0, so s = 0 and ΔW = 0, whatever B and A are.');
  });

  it('does not say that every module uses its rank where some B are 0', async () => {
    const { adapter, figures } = await opened(
      await makeFile(
        'some.safetensors',
        layers(4, 2, (layer) => layer > 1),
        { config },
      ),
    );
    const said = warningsOf(adapter, figures);
    expect(said[0]).toMatchObject({ about: 'untrained', title: '2 modules were never trained.', modules: [2, 3] });
    expect(said.at(-1)?.title).toBe('No NaN, every α is known, every A has its B');
    const alpha = { ...config, alpha_pattern: { 'layers\\.0\\..*q_proj': 0 } };
    const zero = await opened(await makeFile('alpha.safetensors', layers(4), { config: alpha }));
    expect(warningsOf(zero.adapter, zero.figures)[0]).toMatchObject({ title: 'α is 0 in 1 module.', modules: [0] });
  });

  it('is never that α is absent where it stands there and is none', async () => {
    const withAlphas = (shape: readonly number[], value: number) =>
      makeFile('odd.safetensors', [
        ...layers(2).map((of) => ({
          ...of,
          name: of.name.replace('.lora_A', '.lora_down').replace('.lora_B', '.lora_up'),
        })),
        ...[0, 1].map((layer) => ({
          name: `base_model.model.model.layers.${layer}.self_attn.q_proj.alpha`,
          shape: layer === 0 ? [] : shape,
          values: layer === 0 ? [2] : Array(shape.reduce((a, b) => a * b, 1)).fill(value),
        })),
      ]);
    for (const [shape, value, why] of [
      [[2], 4, 'has 2 numbers, not one'],
      [[0], 4, 'has 0 numbers, not one'],
      [[], Number.NaN, 'is NaN; numbers up to 10¹² are read'],
      [[], -Infinity, 'is infinite; numbers up to 10¹² are read'],
      [[1], 3e38, 'is 3.00·10³⁸; numbers up to 10¹² are read'],
    ] as const) {
      const { adapter, figures } = await opened(await withAlphas(shape, value));
      const [odd, ...rest] = warningsOf(adapter, figures);
      expect(odd).toMatchObject({ about: 'alpha-odd', tone: 'bad', modules: [1], acts: ['show', 'alpha'] });
      expect(odd.title).toBe('α of layer 1 · attention q cannot be used.');
      expect(odd.details).toBe(`It ${why}. Norms lack the factor s = α/r. Ranks and shares hold without it.`);
      expect(rest.map(({ title }) => title).join()).not.toMatch(/every α|α is|α of/i);
      const answered = withAlpha(adapter, { alpha: 8 });
      expect(answered.modules.map(({ alpha }) => alpha)).toEqual([2, 8]);
      expect(warningsOf(answered, figures)[0].details).toContain('You set α = 8, so s = 4.');
    }
  });

  it.each([
    [{ r: 2, lora_alpha: 1e308 }, 'is 1.00·10³⁰⁸ in adapter_config.json; numbers up to 10¹² are read'],
    ['{"r": 2, "lora_alpha": -1e999}', 'is infinite in adapter_config.json; numbers up to 10¹² are read'],
    [{ r: 2, lora_alpha: 2, alpha_pattern: { q_proj: 1e13 } }, 'is 1.00·10¹³ in adapter_config.json'],
    [{ lora_parameters: { rank: 2, scale: 1e300 } }, 'is 1.00·10³⁰⁰ in adapter_config.json'],
  ])('and %j is measured without it', async (of, why) => {
    const { source } = await makeFile('large.safetensors', layers(2));
    const { adapter, figures } = await opened({
      source,
      blob: new Blob(),
      config: typeof of === 'string' ? of : JSON.stringify(of),
    });
    expect(adapter).toMatchObject({ alphaFrom: 'absent', modules: [{ scaling: null }, { scaling: null }] });
    const [odd] = warningsOf(adapter, figures);
    expect(odd).toMatchObject({ about: 'alpha-odd', title: 'α of 2 modules cannot be used.', acts: ['alpha'] });
    expect(odd.details).toContain(`That of layer 0 · attention q ${why}`);
    expect(figures.every(({ finite, sigma }) => finite && sigma[0] > 0)).toBe(true);
  });

  it('never says that nothing stands out where it cannot know', async () => {
    const pair = (name: string, rank: number, seed: number) => {
      const { B, A } = makePair(8, 8, Array(rank).fill(1), seed);
      return [
        { name: `${name}.lora_down.weight`, shape: [rank, 8], values: A.data },
        { name: `${name}.lora_up.weight`, shape: [8, rank], values: B.data },
      ];
    };
    const file = await makeFile('ranks.safetensors', [...pair('a', 2, 1), ...pair('b', 2, 2), ...pair('c', 4, 3)]);
    const { adapter, figures } = await opened(file);
    expect(warningsOf(adapter, figures).at(-1)?.title).not.toContain('stands out');
    expect(warningsOf(withAlpha(adapter, 'rank'), figures).at(-1)?.title).toContain('nothing stands out');
  });
});
