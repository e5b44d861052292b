import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFactors } from '../../src/adapters/file/factors.ts';
import { makeFile, makePair, normalMatrix, type TestTensor } from '../../src/adapters/file/testing/make-file.ts';
import { svd } from '../../src/math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, scale, subtract, toFloat32, toFloat64 } from '../../src/math/matrix.ts';
import { openPath, valueOrThrow } from './open.ts';
import { runCommand as run } from './testing/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'continue-'));
const path = (name: string) => join(folder, `${name}.safetensors`);
const [D, K, R] = [24, 40, 2];
const layers = ['model.layers.0.self_attn.q_proj', 'model.layers.1.self_attn.q_proj', 'model.layers.2.mlp.up_proj'];
const mine = layers.map((name) => makePair(D, K, [0.5, 0.25], 1, name));
const theirs = layers.map((name) => makePair(D, K, [3, 2, 0.6], 2, name));
const weights = layers.map((name) => toFloat64(toFloat32(normalMatrix(D, K, 1, name))));
const sum = (a: Matrix64, b: Matrix64) => subtract(a, scale(b, -1));

async function put(name: string, tensors: readonly TestTensor[]): Promise<void> {
  const { blob } = await makeFile('x', tensors);
  writeFileSync(path(name), new Uint8Array(await blob.arrayBuffer()));
}

const adapter = (pairs: readonly ReturnType<typeof makePair>[], rank: number) =>
  pairs.flatMap(({ A, B }, i) => [
    { name: `base_model.model.${layers[i]}.lora_A.weight`, shape: [rank, K], values: A.data },
    { name: `base_model.model.${layers[i]}.lora_B.weight`, shape: [D, rank], values: B.data },
  ]);
const model = (all: readonly Matrix64[]) =>
  all.map(({ data }, i) => ({ name: `${layers[i]}.weight`, shape: [D, K], values: data }));

beforeAll(async () => {
  await put('mine', adapter(mine, R));
  // The third module is missing.
  await put('theirs', adapter(theirs.slice(0, 2), 3));
  await put('base', model(weights));
  await put('fine', model(weights.map((W, i) => (i === 1 ? W : sum(W, multiply(theirs[i].B, theirs[i].A))))));
});
afterAll(() => rmSync(folder, { recursive: true }));

const go = (...args: string[]) => run('continue', ...args, '--alpha', String(R), '--force');

/** ‖s·B·A − target‖/‖target‖ of a module of a written file, entry by entry. */
async function errorOf(name: string, index: number, target: Matrix64): Promise<number> {
  const { source, adapter: of, close } = await openPath(path(name), null, R);
  const { A, B } = valueOrThrow(await readFactors(source, of.modules[index]));
  await close();
  return frobenius(subtract(multiply(B, A), target)) / frobenius(target);
}

describe('continue', () => {
  it('trains towards ΔW of another adapter, writes A and B back, and says what it left', async () => {
    const { code, out, error } = await go(path('mine'), path('theirs'), '--out', path('one'), '--json');
    expect([code, error]).toEqual([0, '']);
    const { modules, left, measured } = JSON.parse(out);
    expect(measured).toBe(0);
    expect(left).toEqual([`${layers[2]}: the target has no module of this name and size.`]);
    for (const [i, { before, after, floor }] of modules.entries()) {
      // α of the command is that of both files: s = 1 for the one and 2/3 for the other.
      const target = scale(multiply(theirs[i].B, theirs[i].A), R / 3);
      const own = multiply(mine[i].B, mine[i].A);
      expect(before).toBeCloseTo(frobenius(subtract(own, target)) / frobenius(target), 5);
      expect(after).toBeCloseTo(await errorOf('one', i, target), 5);
      // Eckart–Young: no rank 2 is nearer.
      const { S } = svd(target);
      expect(floor).toBeCloseTo(Math.hypot(...S.slice(R)) / Math.hypot(...S), 6);
      expect(after).toBeGreaterThan(floor - 1e-6);
      expect(after).toBeLessThan(1.05 * floor);
    }
    const same = await errorOf('one', 2, multiply(mine[2].B, mine[2].A));
    expect(same).toBeLessThan(1e-6);
  });

  it('trains towards a fine-tuned model less its base', async () => {
    const args = [path('mine'), path('fine'), '--base', path('base'), '--out', path('two')];
    const { code, out } = await go(...args, '--steps', '50', '--json');
    expect(code).toBe(0);
    const { modules, left } = JSON.parse(out);
    expect(left).toEqual([`${layers[1]}: both models have the same numbers there.`]);
    expect(modules.map(({ steps }: { steps: number }) => steps)).toEqual([50, 50]);
    for (const [n, i] of [0, 2].entries()) {
      const target = multiply(theirs[i].B, theirs[i].A);
      expect(modules[n].after).toBeCloseTo(await errorOf('two', i, target), 4);
      expect(modules[n].after).toBeLessThan(modules[n].before);
    }
  });

  it('trains one module alone, prints a table, and writes nothing where there is nothing to train', async () => {
    const [, name] = layers;
    const one = await go(path('mine'), path('theirs'), '--module', name, '--out', path('three'));
    expect(one.out).toMatch(
      new RegExp(
        `^module +rank +error +after \\d+ steps +at best\\n${name} +2 .*%\\n.*: rounding 0, predicted 0\\.\\n$`,
        's',
      ),
    );
    const [before, after] = [path('mine'), path('three')].map((file) => readFileSync(file));
    expect(after.length).toBe(before.length);
    for (const [args, why] of [
      [['--module', 'x'], '--module x: the file has no such module'],
      [['--module', layers[2]], 'No module can be trained: '],
      [['--steps', '0'], '--steps 0: expected a whole number from 1 to '],
      [['--rank', '3'], 'continue takes no --rank'],
      [['--base', path('theirs')], ''],
    ] as const) {
      const { code, error } = await go(path('mine'), path('theirs'), ...args, '--out', path('four'));
      expect([code, error]).toEqual([2, expect.stringContaining(why)]);
    }
  });
});
