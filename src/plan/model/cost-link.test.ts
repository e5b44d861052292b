import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { readCost, writeCost } from './cost-link.ts';
import { memoryOf, sumOf } from './counts.ts';
import { type Decoder, MODELS, maxRank } from './models.ts';
import { ownModel, SHAPE_BOUNDS, SHAPE_KEYS } from './own-model.ts';
import { ASSUMPTION_NAMES, ASSUMPTIONS, type Cost, defaultCost, minOf } from './setting.ts';

const shape: fc.Arbitrary<Decoder> = fc.record({
  family: fc.constantFrom('llama', 'gpt2'),
  ...(Object.fromEntries(
    SHAPE_KEYS.map((key) => [key, fc.integer({ min: SHAPE_BOUNDS[key][0], max: SHAPE_BOUNDS[key][1] })]),
  ) as { [key in (typeof SHAPE_KEYS)[number]]: fc.Arbitrary<number> }),
  tied: fc.constantFrom(0, 1),
}) as fc.Arbitrary<Decoder>;

const cost: fc.Arbitrary<Cost> = fc
  .oneof(
    fc.constantFrom(...MODELS).map((model) => defaultCost(model)),
    shape.map((own) => defaultCost(ownModel(own), own)),
  )
  .chain((usual) =>
    fc
      .record({
        ranks: fc.array(fc.nat(), { minLength: 10, maxLength: 10 }),
        weights: fc.constantFrom('bf16' as const, 'f32' as const),
        optimiser: fc.constantFrom('sgd' as const, 'momentum' as const, 'adam' as const, 'adam8' as const),
        base: fc.constantFrom('nf4' as const, 'int8' as const),
        batch: fc.integer({ min: 1, max: 4096 }),
        tokens: usual.model.tokens === null ? fc.constant(usual.tokens) : fc.integer({ min: 1, max: 1_048_576 }),
        checkpoints: fc.boolean(),
        alpha: fc.integer({ min: 0, max: 100 }),
        accumulate: fc.integer({ min: 1, max: 64 }),
        gpus: fc.integer({ min: 1, max: 8 }),
        steps: fc.integer({ min: 1, max: 10_000_000 }),
        speed: fc.integer({ min: 1, max: 4000 }).map((n) => n / 4),
        seconds: fc.integer({ min: 0, max: 40 }).map((n) => n / 8),
        assumed: fc.dictionary(fc.constantFrom(...ASSUMPTION_NAMES), fc.integer({ min: 1, max: 15 })),
      })
      .map(({ ranks, assumed, ...more }): Cost => {
        const set = { ...usual, ...more, assumed: {} };
        const other = ASSUMPTION_NAMES.filter(
          (name) => assumed[name] !== undefined && assumed[name] !== ASSUMPTIONS[name].usual(set),
        );
        return {
          ...set,
          ranks: Object.fromEntries(
            usual.model.modules.flatMap((type, i) => {
              const rank = (ranks[i] ?? 0) % (maxRank(type) + 1);
              return rank > 0 ? [[type.name, rank]] : [];
            }),
          ),
          assumed: Object.fromEntries(other.map((name) => [name, assumed[name]])),
        };
      }),
  );

describe('the setting of the calculator in a link', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(cost, (set) => {
        const text = writeCost(set);
        expect(readCost(text)).toEqual({ cost: set, faults: [] });
        expect(parseLink(`#v=1&cost=${text}`).view.cost).toBe(text);
        expect(text.length).toBeLessThan(600);
      }),
      { numRuns: 200 },
    );
  });

  it('is empty where all is as at first, and can be read by a person', () => {
    expect(writeCost(defaultCost())).toBe('');
    expect(readCost('').cost).toEqual(defaultCost());
    const text =
      'model:llama-2-7b,q:16,v:8,weights:bf16,adapter:f32,base:nf4,optimiser:adam,batch:1,tokens:2048,checkpoints:1';
    expect(writeCost({ ...defaultCost(), ranks: { q: 16, v: 8 } })).toBe(text);
    expect(writeCost({ ...defaultCost(), ranks: {} })).toContain('model:llama-2-7b,q:0,weights');
  });

  it('never throws, whatever a link holds, and never holds what is out of bounds', () => {
    const keys = [
      ...ASSUMPTION_NAMES,
      ...SHAPE_KEYS,
      'model',
      'family',
      'q',
      'qkv',
      'tokens',
      'weights',
      'x',
      '__proto__',
    ];
    const values = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.integer().map(String),
      fc.constantFrom('own', 'llama', 'gpt2', 'toString', 'constructor', '1e9', '-1', '0x10', '٣', ''),
    );
    const piece = fc.tuple(fc.oneof(fc.constantFrom(...keys), fc.string()), values).map((pair) => pair.join(':'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (list) => {
        const { cost: set } = readCost(list.join(','));
        for (const name of ASSUMPTION_NAMES) {
          const value = set.assumed[name];
          if (value !== undefined) expect(value >= minOf(name) && value <= ASSUMPTIONS[name].max).toBe(true);
        }
        for (const type of set.model.modules) expect(set.ranks[type.name] ?? 0).toBeLessThanOrEqual(maxRank(type));
        for (const parts of Object.values(memoryOf(set))) expect(Number.isFinite(sumOf(parts))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['model:gpt5', 'model:gpt5'],
    ['q:4097', 'q:4097'],
    ['q:1.5', 'q:1.5'],
    ['optimiser:toString', 'optimiser:toString'],
    ['model:vit-b16,tokens:8', 'tokens:8'],
    ['model:own,family:llama,layers:2', 'width:'],
    ['batch:2,batch:3', 'batch:3'],
    ['colour', 'colour'],
    ['block:0', 'block:0'],
  ])('says what is wrong in %s', (text, part) => {
    expect(readCost(text).faults).toMatchObject([{ kind: 'part', key: 'cost', part }]);
  });

  it('no kind of matrix is called as a setting is', () => {
    const settings = [...ASSUMPTION_NAMES, ...SHAPE_KEYS, 'model', 'family', 'weights', 'adapter', 'base', 'optimiser'];
    const names = MODELS.flatMap(({ modules }) => modules.map(({ name }) => name));
    expect(names.filter((name) => [...settings, 'batch', 'tokens', 'checkpoints'].includes(name))).toEqual([]);
  });
});
