/** Spectra against NumPy's SVD of the whole product: recorded, and live if NumPy is found (NUMPY_PYTHON, python3). */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Matrix64 } from '../../../math/matrix.ts';
import { figuresOf } from '../figures.ts';
import { fromBytes } from '../safetensors/numbers.ts';
import { pairJobs } from '../work/pair-work.ts';
import { randomModules } from './testing/random-modules.ts';

interface Golden {
  readonly about: string;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly dtype: string;
  readonly s: number;
  readonly B: string;
  readonly A: string;
  readonly sigma: readonly number[];
  readonly frobenius: number;
  readonly effectiveRank: Readonly<Record<'entropy' | 'energy' | 'participation' | 'stable', number>>;
}
const golden: readonly Golden[] = JSON.parse(readFileSync(new URL('golden/spectra.json', import.meta.url), 'utf8'));

const decoded = (rows: number, cols: number, text: string, dtype: string): Matrix64 => ({
  rows,
  cols,
  data: Float64Array.from(fromBytes(new Uint8Array(Buffer.from(text, 'base64')), dtype)),
});

function worst(found: Float64Array, sigma: readonly number[]): number {
  expect(found.length).toBe(sigma.length);
  return sigma.reduce((max, x, i) => Math.max(max, Math.abs(found[i] - x) / (sigma[0] || 1)), 0);
}

describe('figures as NumPy has recorded them', () => {
  it.each(golden)('$about, $dtype', ({ d, k, rank, dtype, s, B, A, sigma, frobenius, effectiveRank }) => {
    const found = figuresOf({ B: decoded(d, rank, B, dtype), A: decoded(rank, k, A, dtype) }, s);
    expect(worst(found.sigma, sigma)).toBeLessThan(1e-13);
    expect(Math.abs(found.frobenius - frobenius)).toBeLessThanOrEqual(1e-13 * frobenius);
    for (const kind of ['entropy', 'energy', 'participation', 'stable'] as const) {
      expect(found.effectiveRank[kind]).toBeCloseTo(effectiveRank[kind], 9);
    }
  });
});

describe('figures of their tensors as they are in a file', () => {
  it.each(golden)('$about, $dtype', ({ d, k, rank, dtype, s, B, A, sigma, frobenius }) => {
    const tensor = (text: string, ...shape: number[]) => ({
      bytes: new Uint8Array(Buffer.from(text, 'base64')),
      dtype,
      shape,
    });
    const pair = { up: tensor(B, d, rank), down: tensor(A, rank, k), mid: null, diagonal: null, transposed: false };
    const found = pairJobs.figures(pair, s);
    expect(worst(found.sigma, sigma)).toBeLessThan(1e-13);
    expect(Math.abs(found.frobenius - frobenius)).toBeLessThanOrEqual(1e-13 * frobenius);
  });
});

const PYTHON = process.env.NUMPY_PYTHON ?? 'python3';
const hasNumpy = spawnSync(PYTHON, ['-c', 'import numpy']).status === 0;

const SVD = `
import base64, json, sys
import numpy as np
def read(text, rows):
    return np.frombuffer(base64.b64decode(text), dtype="<f8").reshape(rows, -1)
for line in sys.stdin:
    m = json.loads(line)
    W = m["s"] * (read(m["B"], m["d"]) @ read(m["A"], m["r"]))
    print(json.dumps(np.linalg.svd(W, compute_uv=False)[: min(m["d"], m["k"], m["r"])].tolist()))
`;

const bytesOf = ({ data }: Matrix64) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');

describe('figures of 200 random modules', () => {
  it.skipIf(!hasNumpy)(`agree with NumPy’s${hasNumpy ? '' : ' (not run: no NumPy here)'}`, () => {
    const modules = randomModules(200, 11, 120);
    const input = modules
      .map(({ B, A, s }) => JSON.stringify({ d: B.rows, k: A.cols, r: B.cols, s, B: bytesOf(B), A: bytesOf(A) }))
      .join('\n');
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', SVD], {
      input,
      encoding: 'utf8',
      maxBuffer: 1e8,
      // Threads on shared cores wait for each other.
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' },
    });
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBe(modules.length);
    for (const [i, { about, B, A, s }] of modules.entries()) {
      expect(worst(figuresOf({ B, A }, s).sigma, JSON.parse(lines[i])), about).toBeLessThan(1e-13);
    }
  });
});
