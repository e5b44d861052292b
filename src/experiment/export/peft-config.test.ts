import { describe, expect, it } from 'vitest';
import { type MethodName, methods } from '../methods/index.ts';
import { sizesOfC } from '../methods/lokr.ts';
import { METHOD_WORDS } from '../methods/method-words.ts';
import { decide, param } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { peftSentence } from './peft-config.ts';

/**
 * Fields of PEFT's configurations that the page names, and their defaults: the dataclasses of huggingface/peft at commit
 * 5d602fdbff04c33c1c4de55cda9d4ae1d7cb7e40, src/peft/tuners/<method>/config.py.
 */
const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LoraConfig: { r: '8', lora_alpha: '8', use_rslora: 'False', use_dora: 'False', target_modules: 'None' },
  OFTConfig: { r: '0', oft_block_size: '32', use_cayley_neumann: 'True', target_modules: 'None' },
  LoKrConfig: { r: '8', alpha: '8', decompose_factor: '-1', target_modules: 'None' },
  HiraConfig: { r: '32', target_modules: 'None' },
  ShiraConfig: { r: '32', mask_type: '"random"', target_modules: 'None' },
  IA3Config: { feedforward_modules: 'None', target_modules: 'None' },
};

const experimentOf = (wanted: Partial<Experiment>) =>
  decide((key, draft) => wanted[key] ?? param(key).default(draft)) as Experiment;

function calls(text: string) {
  return Array.from(text.matchAll(/(\w+Config)\((.*?)\)/g), ([, config, fields]) => ({
    config,
    fields: Object.fromEntries(fields.split(', ').map((field) => field.split('=') as [string, string])),
  }));
}

const call = (wanted: Partial<Experiment>) => calls(peftSentence(experimentOf(wanted)))[0];

/** The first of two factors of n, as factorization() of lokr/layer.py finds it. */
function factorization(n: number, wanted: number): number {
  if (wanted > 0 && n % wanted === 0) return wanted;
  const factor = wanted === -1 ? n : wanted;
  let [first, second] = [1, n];
  const length = first + second;
  while (first < second) {
    let next = first + 1;
    while (n % next !== 0) next += 1;
    if (next + n / next > length || next > factor) break;
    [first, second] = [next, n / next];
  }
  return Math.min(first, second);
}

describe('PEFT’s configuration of a method', () => {
  it.each(
    methods.all.flatMap(({ name, params }) =>
      [
        { d: 48, k: 36 },
        { d: 64, k: 64 },
        { d: 6, k: 4 },
      ].flatMap((size) =>
        (['standard', 'rslora', 'none'] as const)
          .filter((scaling) => scaling === 'standard' || (params as readonly string[]).includes('scaling'))
          .map((scaling) => ({ method: name, ...size, scaling })),
      ),
    ),
  )('has fields that PEFT has: $method, $d × $k, $scaling', (wanted) => {
    const found = calls(peftSentence(experimentOf(wanted)));
    expect(found).toHaveLength(wanted.method === 'lora-xs' ? 0 : 1);
    for (const { config, fields } of found)
      expect(Object.keys(FIELDS[config])).toEqual(expect.arrayContaining(Object.keys(fields)));
  });

  it('says in the table of methods what PEFT’s defaults are', () => {
    const named: Partial<Record<MethodName, readonly (readonly [string, string])[]>> = {
      lora: [
        ['r', '8'],
        ['lora_alpha', '8'],
      ],
      dora: [
        ['r', '8'],
        ['lora_alpha', '8'],
      ],
      oft: [['oft_block_size', '32']],
      lokr: [
        ['r', '8'],
        ['alpha', '8'],
        ['decompose_factor', '-1'],
      ],
      hira: [['r', '32']],
      shira: [['r', '32']],
    };
    for (const { name } of methods.all)
      for (const [field, value] of named[name] ?? []) {
        const { peft } = METHOD_WORDS[name];
        expect(peft.replaceAll('−', '-')).toContain(`${field} ${value}`);
        expect(FIELDS[peft.match(/\w+Config/)?.[0] ?? ''][field]).toBe(value);
      }
  });

  it('gives s of the run: α/r, α/√r, or α = r for s = 1', () => {
    for (const method of ['lora', 'dora'] as const)
      for (const [scaling, s] of [
        ['standard', 6 / 4],
        ['rslora', 6 / 2],
        ['none', 1],
      ] as const) {
        const { fields } = call({ method, rank: 4, alpha: 6, scaling });
        const over = fields.use_rslora === 'True' ? Math.sqrt(Number(fields.r)) : Number(fields.r);
        expect(Number(fields.lora_alpha) / over).toBe(s);
        expect(fields.use_dora).toBe(method === 'dora' ? 'True' : undefined);
      }
  });

  it('gives LoKr the C of the run where one factor can, whole and with s = 1', () => {
    for (const [d, k] of [
      [64, 64],
      [48, 36],
      [128, 32],
      [7, 12],
      [1024, 768],
    ])
      for (const factor of ['', '2x2', '4x4', '1x1', '4x2', '3x2'].filter(
        (f) => f === '' || f.split('x').every((n, i) => [d, k][i] % Number(n) === 0),
      )) {
        const e = experimentOf({ method: 'lokr', d, k, factor });
        const [d1, k1] = sizesOfC(e);
        const [found] = calls(peftSentence(e));
        if (!found) {
          expect(
            Array.from({ length: d * k }, (_, i) => i + 1).some(
              (one) => factorization(d, one) === d1 && factorization(k, one) === k1,
            ),
          ).toBe(false);
          continue;
        }
        const one = Number(found.fields.decompose_factor);
        expect([factorization(d, one), factorization(k, one)]).toEqual([d1, k1]);
        // use_w2 of lokr/layer.py: no low rank from half of the larger side on.
        expect(Number(found.fields.r)).toBeGreaterThanOrEqual(Math.max(d / d1, k / k1) / 2);
        expect(found.fields.alpha).toBe(found.fields.r);
      }
    // What both choose by themselves is the same.
    for (let n = 1; n <= 512; n++) expect(sizesOfC({ d: n, k: n, factor: '' })[0]).toBe(factorization(n, -1));
    expect(peftSentence(experimentOf({ method: 'lokr', d: 48, k: 36, factor: '3x2' }))).toContain(
      'none gives a C of 3 × 2',
    );
  });

  it('says which blocks OFT has there if those of the run do not divide k', () => {
    expect(peftSentence(experimentOf({ method: 'oft', d: 64, k: 48, block: 32 }))).toContain('in blocks of 24');
    expect(peftSentence(experimentOf({ method: 'oft', d: 64, k: 96, block: 32 }))).toMatch(/turns the inputs: W₀·R\.$/);
    expect(call({ method: 'oft', d: 64, k: 96, block: 32 }).fields).toMatchObject({
      r: '0',
      use_cayley_neumann: 'False',
    });
  });

  it('never asks SHiRA for more entries than there are', () => {
    for (const [d, k, entries] of [
      [64, 64, 4096],
      [6, 4, 24],
      [64, 64, 1],
      [64, 64, 512],
    ]) {
      const r = Number(call({ method: 'shira', d, k, entries }).fields.r);
      expect(r * (d + k)).toBeLessThanOrEqual(d * k);
      expect(r).toBeGreaterThan(0);
    }
    expect(peftSentence(experimentOf({ method: 'shira', d: 1, k: 8, rank: 1 }))).toContain('fewer');
    expect(call({ method: 'shira', places: 'random' }).fields.mask_type).toBe('"random"');
    expect(peftSentence(experimentOf({ method: 'shira' }))).toContain('mask_fn');
  });

  it('scales columns in IA³ for feed-forward modules alone', () => {
    expect(call({ method: 'ia3' }).fields.feedforward_modules).toBe('[]');
    expect(call({ method: 'ia3', side: 'in' }).fields.feedforward_modules).toBe('[…]');
    expect(peftSentence(experimentOf({ method: 'lora-xs' }))).toBe('LoRA-XS is not in Hugging Face PEFT.');
    expect(peftSentence(experimentOf({ method: 'dora', norm: 'exact' }))).toContain('always detached');
  });
});
