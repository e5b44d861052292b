import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFactors } from '../factors.ts';
import { figuresOf } from '../figures/figures.ts';
import { fileFigures } from '../figures/file-figures.ts';
import type { Adapter, Figures } from '../model.ts';
import { openAdapter } from '../open.ts';
import { withAlpha } from '../scaling.ts';
import { fixtures } from '../testing/fixtures.ts';
import { type MadeFile, madeFile, madePair } from '../testing/made.ts';
import { decoderOf12, troubledDecoder, unetOf128 } from '../testing/models.ts';
import { warningsOf } from './warnings.ts';

async function opened({ source, config }: MadeFile): Promise<{ adapter: Adapter; figures: Figures[] }> {
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
    expect(spikes.modules.map((index) => adapter.modules[index].place?.layer)).toEqual(['down 2·0', 'mid', 'up 1·0']);
    expect(one).toMatchObject({ about: 'rank-one', title: 'Up 2·2 · cross-attention out is nearly rank one.' });
    expect(warningsOf(withAlpha(adapter, { alpha: 8 }), figures)[0].details).toContain('You set α = 8, so s = 2.');
  });

  it('says of a sound file what was looked at, and nothing of what was not', async () => {
    const { adapter, figures } = await opened(await decoderOf12());
    const last = warningsOf(adapter, figures).at(-1);
    expect(last).toMatchObject({ tone: 'fine', about: 'passed' });
    expect(last?.title).toBe(
      'No NaN, no B of zeros, every α is known, nothing stands out, no dead directions, none is nearly rank one, every A has its B',
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

  it('never says that nothing stands out where it cannot know', async () => {
    const pair = (name: string, rank: number, seed: number) => {
      const { B, A } = madePair(8, 8, Array(rank).fill(1), seed);
      return [
        { name: `${name}.lora_down.weight`, shape: [rank, 8], values: A.data },
        { name: `${name}.lora_up.weight`, shape: [8, rank], values: B.data },
      ];
    };
    const file = await madeFile('ranks.safetensors', [...pair('a', 2, 1), ...pair('b', 2, 2), ...pair('c', 4, 3)]);
    const { adapter, figures } = await opened(file);
    expect(warningsOf(adapter, figures).at(-1)?.title).not.toContain('stands out');
    expect(warningsOf(withAlpha(adapter, 'rank'), figures).at(-1)?.title).toContain('nothing stands out');
  });
});
