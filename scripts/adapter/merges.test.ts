import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeFile, normalMatrix } from '../../src/adapters/file/testing/make-file.ts';
import { scale } from '../../src/math/matrix.ts';
import { runCommand } from './testing/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'merges-'));
const at = (name: string) => join(folder, name);
const OUT = at('out.safetensors');
const FILES = ['a', 'b', 'c'].map((name) => at(`${name}.safetensors`));

const MODULES = [0, 1].map((layer) => `lora_unet_down_blocks_${layer}_attentions_0_proj_in`);
/** Factors of layer 1 in float64, beyond its range as a product; α at its limit; numbers that float16 has as 0. */
const [OVER, MOST, SMALL] = ['over', 'most', 'small'].map((name) => at(`${name}.safetensors`));

async function put(path: string, seed: number, alpha = 2, by = [1, 1], dtype: 'F32' | 'F64' = 'F32') {
  const tensors = MODULES.flatMap((name, layer) => {
    const [A, B] = [normalMatrix(2, 12, seed, `A${layer}`), normalMatrix(10, 2, seed, `B${layer}`)];
    return [
      { name: `${name}.lora_down.weight`, dtype, shape: [2, 12], values: scale(A, by[layer]).data },
      { name: `${name}.lora_up.weight`, dtype, shape: [10, 2], values: scale(B, by[layer]).data },
      { name: `${name}.alpha`, shape: [], values: [alpha] },
    ];
  });
  const { blob } = await makeFile('x.safetensors', tensors);
  writeFileSync(path, new Uint8Array(await blob.arrayBuffer()));
}

beforeAll(async () => {
  for (const [seed, path] of FILES.entries()) await put(path, seed);
  await put(OVER, 3, 2, [1, 1e200], 'F64');
  await put(MOST, 4, 1e12);
  await put(SMALL, 5, 2, [1e-12, 1e-12]);
});
afterEach(() => rmSync(OUT, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const merge = (...args: readonly string[]) => runCommand('merge', ...FILES, '--weights', '1,0.5,-1', ...args, '--json');

describe('merge', () => {
  it.each([
    [[], 6],
    [['--method', 'cat'], 6],
    [['--rank', '3'], 3],
    [['--method', 'svd', '--rank', '4'], 4],
    [['--method', 'linear'], 2],
    [['--method', 'ties', '--density', '0.4', '--rank', '5'], 5],
    [['--method', 'dare', '--density', '0.6', '--seed', '7'], 6],
  ] as const)('of three files %j: the error foretold without --out is that of the file', async (args, rank) => {
    const plan = JSON.parse((await merge(...args)).out);
    expect([plan.file, plan.measured, readdirSync(folder).includes('out.safetensors')]).toEqual([null, null, false]);
    const { code, out } = await merge(...args, '--out', OUT);
    expect(code).toBe(0);
    const found = JSON.parse(out);
    expect(found).toMatchObject({ file: OUT, bytes: plan.bytes, error: plan.error, conflict: plan.conflict });
    expect(readFileSync(OUT).length).toBe(plan.bytes);
    expect(Math.abs(found.measured - found.error)).toBeLessThan(1e-6 * (1 + found.error));
    expect(found.modules.map(({ after }: { after: number }) => after)).toEqual([rank, rank]);
    for (const { error, measured } of found.modules)
      expect(Math.abs(measured - error)).toBeLessThan(1e-6 * (1 + error));
    expect(found.conflict.signs).toBeGreaterThan(0.5);
  });

  it('by DARE: a seed gives the same bytes, another one others', async () => {
    const bytes = async (seed: string) => {
      await merge('--method', 'dare', '--seed', seed, '--out', OUT, '--force');
      return readFileSync(OUT);
    };
    expect((await bytes('3')).equals(await bytes('3'))).toBe(true);
    expect((await bytes('3')).equals(await bytes('4'))).toBe(false);
  });

  it('says in words what is off, and that nothing is written', async () => {
    const { out } = await runCommand('merge', ...FILES, '--weights', '1,1,1', '--method', 'ties');
    expect(out).toMatch(/Before: \d+% of the energy is in entries whose signs differ; subspaces overlap by 0\.\d+\./);
    expect(out).toMatch(/ΔW of the method is [\d.]+ off the plain sum\.\nNot written: \d+ bytes, error [\d.e-]+\.\n$/);
  });
});

describe('grow', () => {
  it('gives a higher rank and the same ΔW to the bit', async () => {
    const [file] = FILES;
    const { code, out } = await runCommand('grow', file, '--rank', '7', '--out', OUT, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      file: OUT,
      error: 0,
      measured: 0,
      modules: [
        { before: 2, after: 7, alpha: 7, off: 0, kept: null },
        { before: 2, after: 7, alpha: 7, off: 0, kept: null },
      ],
    });
    const sigma = async (path: string) =>
      JSON.parse((await runCommand('info', path, '--json')).out).modules.map((m: { sigma: number[] }) => m.sigma);
    const [old, now] = [await sigma(file), await sigma(OUT)];
    for (const [i, of] of old.entries()) {
      for (const [j, x] of of.entries()) expect(Math.abs(now[i][j] / x - 1)).toBeLessThan(1e-12);
      expect(now[i][2]).toBeLessThan(1e-12);
    }
    expect((await runCommand('grow', file, '--rank', '7', '--out', OUT, '--force')).out).toContain(
      'No bit of ΔW changed.',
    );
  });
});

describe('resize', () => {
  it('copies a module whose product is not finite, and names it; the error is that of the others', async () => {
    const { code, out } = await runCommand('resize', OVER, '--rank', '1', '--out', OUT);
    expect(code).toBe(0);
    const [, measured, predicted] = /error ([\d.]+), predicted ([\d.]+)\.\n/.exec(out) ?? [];
    expect(Number(measured)).toBeCloseTo(Number(predicted), 2);
    expect(out).toContain(`Not finite, and copied: “${MODULES[1]}”.`);
  });

  it('writes numbers that float16 has as 0 in bfloat16', async () => {
    const { out } = await runCommand('resize', SMALL, '--rank', '1', '--dtype', 'BF16', '--out', OUT, '--json');
    const { error, measured } = JSON.parse(out);
    expect(Math.abs(measured - error)).toBeLessThan(0.01);
  });
});

it('a sum that is nothing but rounding is written, whatever its type', async () => {
  const twice = ['merge', FILES[0], FILES[0], '--weights', '1,-1', '--rank', '2', '--dtype', 'F16', '--out', OUT];
  expect((await runCommand(...twice)).code).toBe(0);
});

const ZEROS = `All numbers of a factor of “${MODULES[0]}” would be 0 in F16. Write the file as float32 or bfloat16`;
const TOO_LARGE = `Numbers of “${MODULES[1]}” are finite, and their product B·A, times s and its weight, is beyond 10¹⁵⁰.`;
const ALPHA = `α of “${MODULES[0]}” would be 2.00·10¹²; numbers up to 10¹² are read. Choose a lower rank.`;

it.each<[readonly string[], string]>([
  ...[[], ['--rank', '2'], ['--method', 'linear'], ['--method', 'ties']].map((way): [readonly string[], string] => [
    ['merge', FILES[0], OVER, '--weights', '1,1', ...way, '--out', OUT],
    TOO_LARGE,
  ]),
  [['merge', FILES[0], FILES[1], '--weights', '1,1e300'], 'An update is too large.'],
  [['merge', MOST, FILES[0], '--weights', '1,1', '--method', 'cat', '--out', OUT], ALPHA],
  [['grow', MOST, '--rank', '4', '--out', OUT], ALPHA],
  ...[[], ['--in-b']].map((way): [readonly string[], string] => [
    ['resize', SMALL, '--rank', '1', '--dtype', 'F16', ...way, '--out', OUT],
    ZEROS,
  ]),
  ...[[], ['--rank', '2'], ['--method', 'ties', '--rank', '2']].map((way): [readonly string[], string] => [
    ['merge', SMALL, SMALL, '--weights', '1,1', '--dtype', 'F16', ...way, '--out', OUT],
    ZEROS,
  ]),
  [['merge', FILES[0], '--weights', '1', '--out', OUT], 'merge takes 2 to 16 files; 1 is named.'],
  [
    ['merge', ...FILES, '--weights', '1,1', '--out', OUT],
    '--weights 1,1: expected three numbers with commas, "1,0.5,1".',
  ],
  [
    ['merge', ...FILES, '--weights', '1,1,1', '--method', 'slerp'],
    '--method slerp: expected cat, svd, linear, ties or dare.',
  ],
  [['merge', ...FILES, '--weights', '1,1,1', '--method', 'svd'], '--method svd needs --rank N: the rank of the sum.'],
  [
    ['merge', ...FILES, '--weights', '1,1,1', '--method', 'cat', '--rank', '2'],
    '--method cat takes no --rank: ranks add.',
  ],
  [['merge', ...FILES, '--weights', '1,1,1', '--density', '0.5'], '--method cat takes no --density.'],
  [['merge', ...FILES, '--weights', '1,1,1', '--method', 'ties', '--seed', '1'], '--method ties takes no --seed.'],
  [
    ['merge', ...FILES, '--weights', '1,1,1', '--method', 'dare', '--density', '0'],
    '--density 0: expected a number above 0, at most 1.',
  ],
  [['merge', ...FILES, '--weights', '0,0,0', '--out', OUT], 'Nothing would be left.'],
  [['grow', FILES[0], '--out', OUT], '--rank N is missing: the rank to grow to.'],
  [['grow', FILES[0], '--rank', '2', '--out', OUT], 'has rank 2 already.'],
  [['grow', FILES[0], '--rank', '4', '--dtype', 'F16', '--out', OUT], 'grow takes no --dtype.'],
])('%j is refused with a sentence, and nothing is written', async (args, sentence) => {
  const { code, out, error } = await runCommand(...args);
  expect([code, out]).toEqual([2, '']);
  expect(error).toContain(sentence);
  expect(readdirSync(folder)).not.toContain('out.safetensors');
});
