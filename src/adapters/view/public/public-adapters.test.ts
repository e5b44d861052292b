import { describe, expect, it } from 'vitest';
import { publicPicture } from '../../charts/public/strips.ts';
import type { Figures, Module } from '../../file/model.ts';
import {
  below,
  comparisonWords,
  type FileMeasures,
  familyOf,
  measuresOf,
  PUBLIC,
  stripsOf,
} from './public-adapters.tsx';

const module = (index: number, rank: number, scaling: number | null = 2, name = `m${index}`) =>
  ({ index, rank, scaling, name, kind: 'lora', magnitude: null }) as Module;
const figures = (sigma: readonly number[], entropy: number, rank95: number) =>
  ({ sigma: Float64Array.from(sigma), finite: true, effectiveRank: { entropy }, rank95 }) as Figures;

/** Medians of a column of the data, by another way than the code's. */
const middle = (key: 'effectiveRank' | 'rank', family?: string) => {
  const values = PUBLIC.filter((row) => family === undefined || row.family === family)
    .map((row) => row[key])
    .sort((a, b) => a - b);
  return values[(values.length - 1) / 2];
};

describe('an opened file beside public adapters', () => {
  it('has the 81 that learned anything, with their families', () => {
    expect(PUBLIC).toHaveLength(81);
    for (const { effectiveRank, energy1, rank95, rank } of PUBLIC) {
      for (const share of [effectiveRank, energy1, rank95]) expect(share > 0 && share <= 1).toBe(true);
      // An effective rank lies between 1 and r.
      expect(effectiveRank * rank).toBeGreaterThanOrEqual(0.999);
    }
    expect(middle('effectiveRank', 'Stable Diffusion')).toBeCloseTo(0.951, 3);
    expect(middle('rank')).toBe(8);
  });

  it('measures medians over the trained modules, computed by hand', () => {
    // Energies 9/10 and 1; 16/20 and 1; the third is untrained.
    const found = measuresOf({ modules: [module(0, 4), module(1, 2), module(2, 4)] }, [
      figures([3, 1], 1.8, 2),
      figures([4, 2], 1.9, 2),
      figures([0, 0], 0, 0),
    ]);
    expect(found?.energy1).toBeCloseTo(0.85, 12);
    expect(found?.effectiveRank).toBeCloseTo((0.45 + 0.95) / 2, 12);
    expect(found).toMatchObject({ rank95: 0.75, s: 2, rank: 3, rankOne: 0, halfEnough: 0.5, halfEnergy: null });
    // σ² = 64, 4, 4, 1, 1, 1, 1, 1: half the rank holds 73 of 77.
    const eight = measuresOf({ modules: [module(0, 8, null)] }, [figures([8, 2, 2, 1, 1, 1, 1, 1], 4, 4)]);
    expect(eight?.halfEnergy).toBeCloseTo(73 / 77, 12);
    expect(eight?.s).toBeNaN();
    expect(measuresOf({ modules: [module(0, 4)] }, [figures([0], 0, 0)])).toBeNull();
    expect(measuresOf({ modules: [module(0, 4)] }, [null])).toBeNull();
  });

  it('knows the family by the base that the config names, else by the names of modules', () => {
    const config = (base: string) => ({ text: `{"base_model_name_or_path": "${base}"}` }) as never;
    const by = (base: string) => familyOf({ config: config(base), modules: [] });
    expect(
      [
        'distilbert-base-uncased',
        'roberta-base',
        'google/vit-base-patch16-224',
        'openai/whisper-small',
        'google/flan-t5-base',
        'meta-llama/Llama-3.2-1B',
        'runwayml/stable-diffusion-v1-5',
        'distilgpt2',
        'somebody/else',
      ].map(by),
    ).toEqual(['DistilBERT', 'BERT', 'ViT', 'Whisper', 'T5', 'decoder', 'Stable Diffusion', 'GPT-2', null]);
    const named = (name: string) => familyOf({ config: null, modules: [module(0, 4, 1, name)] });
    expect(named('unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q')).toBe('Stable Diffusion');
    expect(named('model.layers.3.self_attn.q_proj')).toBe('decoder');
    expect(named('distilbert.transformer.layer.0.attention.q_lin')).toBe('DistilBERT');
    expect(named('encoder.mystery')).toBeNull();
  });

  it('says what is more or less than in most, and nothing of what is usual', () => {
    const of: FileMeasures = {
      ...{ effectiveRank: 0.2, energy1: 0.999, rank95: 0.125, s: 2, rank: 8 },
      ...{ rankOne: 0.5, halfEnough: 1, halfEnergy: 0.9991 },
    };
    const said = comparisonWords(of, 'Stable Diffusion');
    expect(said[0]).toBe(
      'It uses less of its rank than most: effective rank ÷ r is 0.2, below 81 of 81; of 15 for Stable Diffusion the median is 0.95.',
    );
    expect(said[1]).toMatch(
      /^Its first direction holds more than in most: energy in σ₁ is 99\.9%, above \d\d of 81\.$/,
    );
    expect(said.join(' ')).not.toMatch(/scaled up|Its rank is/);
    expect(said.at(-1)).toBe(
      'Of its modules 100% hold 95% of the energy in half their directions (public: 40%), and 50% are nearly rank one (9%). Half the rank keeps 99.9% of the energy (98.6%).',
    );
    const usual = comparisonWords({ ...of, effectiveRank: middle('effectiveRank') }, null);
    expect(usual[0]).toMatch(/^It uses its rank as most do: .* above 40 of 81\.$/);
    expect(comparisonWords({ ...of, s: Number.NaN }, null).join(' ')).not.toContain('scaled');
    expect(below(2, [1, 2, 2, 3])).toBe(2);
    // Equal ones are neither above nor below: 24 of the 81 have s = 1 too.
    const s1 = PUBLIC.filter(({ s }) => s > 1).length;
    expect(s1).toBe(81 - 24);
    expect(comparisonWords({ ...of, s: 1 }, null).join(' ')).toContain(`s is 1, below ${s1} of 81.`);
  });

  it('draws every public adapter and this one, within the picture, at every width', () => {
    const of = {
      effectiveRank: 0.5,
      energy1: 0.7,
      rank95: 0.5,
      s: 2,
      rank: 8,
      rankOne: 0,
      halfEnough: 0,
      halfEnergy: 1,
    };
    const strips = stripsOf(of, 'ViT');
    for (const width of [190, 330, 600]) {
      const marks = publicPicture({ strips }, { width, height: 290, font: 13, short: false });
      for (const { name } of strips) {
        const paths = marks.filter(({ key }) => key === `others ${name}` || key === `kin ${name}`);
        const places = paths.flatMap(({ attributes: { d } }) => [...String(d).matchAll(/M(-?[\d.]+),(-?[\d.]+)/g)]);
        expect(places).toHaveLength(81);
        for (const [, x, y] of places) {
          expect(Number(x)).toBeGreaterThanOrEqual(1.5);
          expect(Number(x)).toBeLessThanOrEqual(width - 1.5);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });
});
