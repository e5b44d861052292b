/**
 * The methods against the formulas of Hugging Face PEFT, and where it is installed (TORCH_PYTHON, or the python3 of the
 * path) against its own layers.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { peftSentence } from '../../../experiment/export/peft-config.ts';
import { scaledColumns } from '../../../experiment/inits/triplets.ts';
import { layerCache } from '../../../experiment/layer/problem.ts';
import type { BesideLora } from '../../../experiment/methods/starts.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { innerScaling, scalingOf } from '../../../experiment/settings/rate.ts';
import { svd } from '../../../math/factor/svd.ts';
import {
  leadingColumns,
  type Matrix64,
  multiply,
  subtract,
  toFloat64,
  transpose,
  zeros,
} from '../../../math/matrix.ts';
import { stream } from '../../../math/random.ts';
import { methodPasses } from '../../steppers/method.ts';
import { experimentOf, layerOf } from '../../testing/derived-runs.ts';
import { loops64 } from '../network/loops.ts';
import { taskOf } from '../task.ts';
import {
  asMatrix,
  exactR,
  type InPeft,
  neumannR,
  oftInPeft,
  PEFT,
  skew,
  type Values,
} from './testing/peft-formulas.ts';

const CASES: readonly (readonly [InPeft, Partial<Experiment>])[] = [
  ['dora', { rank: 3, alpha: 6 }],
  ['dora', { rank: 3, alpha: 6, scaling: 'rslora', norm: 'exact' }],
  ['oft', { block: 4 }],
  ['oft', { block: 6 }],
  ['lokr', { factor: '3x2' }],
  ['lokr', {}],
  ['hira', { rank: 2 }],
  ['shira', { entries: 44 }],
  ['shira', { entries: 22, places: 'random' }],
  ['ia3', {}],
  ['ia3', { side: 'in' }],
];
const [D, K] = [12, 10];

function grounds(method: BesideLora, more: Partial<Experiment>) {
  const e = experimentOf({ target: 'rotation', d: D, k: K, ...more, method });
  const { problem } = layerOf(e, layerCache());
  const [module] = problem.modules;
  const [task] = taskOf(problem).modules;
  if (!module.method || !task.method || !task.target) throw new Error('no method');
  const { shapes, own, places = [] } = module.method;
  const W0 = toFloat64(module.base);
  const target = toFloat64(module.wanted.matrix);
  const s = innerScaling(e);
  return { e, W0, target, s, places, shapes, own, task: task.method, wanted: task.target };
}

/** The loss of the page, its ΔW and gradients at random numbers beside the start; PEFT's ΔW as a function of the same. */
function both(method: InPeft, more: Partial<Experiment>) {
  const ground = grounds(method, more);
  const pass = methodPasses[method]({ kernels: loops64, task: ground.task, target: ground.wanted });
  const source = stream(11, 'away');
  for (const [i, { values }] of pass.trained.entries())
    for (let at = 0; at < values.length; at++) values[at] = Math.fround(ground.own[i][at] + 0.2 * source.normal());
  const loss = pass.evaluate(ground.s);
  const update = new Float32Array(D * K);
  pass.update(update, ground.s);
  const named = (of: (i: number) => ArrayLike<number>): Values =>
    Object.fromEntries(ground.shapes.map(({ name }, i) => [name, Float64Array.from(of(i))]));
  const values = named((i) => pass.trained[i].values);
  const gradients = named((i) => pass.trained[i].gradient);
  return { ...ground, loss, update, values, gradients, delta: (at: Values) => PEFT[method](ground, at, values) };
}

const each = (m: Matrix64, entry: (x: number) => number): Matrix64 => ({ ...m, data: m.data.map((x) => entry(x)) });
const halfSquare = (a: Matrix64, b: Matrix64) => a.data.reduce((sum, x, at) => sum + (x - b.data[at]) ** 2, 0) / 2;
const largest = (values: Iterable<number>) => Math.max(...Array.from(values, Math.abs));

describe.each(CASES)('%s %o', (method, more) => {
  it('has the ΔW of PEFT, its loss, and by differences its gradients', () => {
    const { loss, update, values, gradients, delta, target } = both(method, more);
    const own = delta(values);
    expect(halfSquare(own, target) / loss).toBeCloseTo(1, 10);
    const size = largest(own.data);
    expect(largest(own.data.map((x, at) => x - update[at])) / size).toBeLessThan(1e-6);
    const scale = Math.hypot(...Object.values(gradients).flatMap((g) => [...g]));
    for (const [name, of] of Object.entries(values))
      for (let at = 0; at < of.length; at += 3) {
        const h = 1e-5;
        const [up, down] = [h, -h].map((by) =>
          halfSquare(delta({ ...values, [name]: of.map((x, i) => (i === at ? x + by : x)) }), target),
        );
        expect(Math.abs((up - down) / (2 * h) - gradients[name][at]) / scale, `${name} ${at}`).toBeLessThan(1e-8);
      }
  });
});

describe('where PEFT differs', () => {
  const source = stream(5, 'q');
  const draw = (n: number, size: number) => Float64Array.from({ length: n }, () => size * source.normal());

  it('a detached norm changes the gradient of A and B by a half here, and not that of m', () => {
    const [detached, exact] = (['detached', 'exact'] as const).map((norm) => both('dora', { rank: 3, alpha: 6, norm }));
    expect(detached.loss).toBe(exact.loss);
    expect(detached.gradients.m).toEqual(exact.gradients.m);
    const [a, b] = [detached.gradients.B, exact.gradients.B];
    const off = Math.hypot(...a.map((x, at) => x - b[at])) / Math.hypot(...b);
    expect(off).toBeGreaterThan(0.1);
  });

  it('OFT turns the inputs: W₀·R with the R of the page, which turns the outputs', () => {
    const W0 = asMatrix(6, 8, draw(48, 1));
    const q = draw(12, 0.3);
    // R of the page: (I + Q)(I − Q)⁻¹.
    const R = [0, 6].map((first) =>
      exactR(
        skew(
          q.subarray(first, first + 6).map((x) => -x),
          4,
        ),
      ),
    );
    const whole = zeros(8, 8);
    for (const [block, { data }] of R.entries())
      for (let at = 0; at < 16; at++)
        whole.data[(4 * block + Math.floor(at / 4)) * 8 + 4 * block + (at % 4)] = data[at];
    const turned = multiply(W0, whole);
    const peft = oftInPeft(W0, q, 4, exactR);
    expect(largest(peft.data.map((x, at) => x - (turned.data[at] - W0.data[at])))).toBeLessThan(1e-12);
  });

  it('LoftQ starts at s times the best approximation of what NF4 took; here it is that approximation', () => {
    // peft/utils/loftq_utils.py, one round: L = U√S, R = √S·Vᵀ of W₀ − Q go into lora_B and lora_A as they are.
    const e = experimentOf({ d: 64, k: 64, quant: 'nf4', init: 'loftq', rank: 8, alpha: 16 });
    const { A, B, base, quantised } = layerOf(e, layerCache());
    if (!quantised) throw new Error('not quantised');
    const { U, S, V } = svd(subtract(quantised.base, base));
    const cut = (m: Matrix64) => scaledColumns(leadingColumns(m, 8), S.map(Math.sqrt));
    const LR = multiply(cut(U), transpose(cut(V)));
    const page = multiply(B, A).data.map((x) => scalingOf(e) * x);
    expect(largest(page.map((x, at) => x - LR.data[at])) / largest(LR.data)).toBeLessThan(1e-5);
    expect(scalingOf(e)).toBe(2);
  });

  it('OFT’s default, five terms, is the exact branch of −Q less Q⁴R: each plane turns the other way, shortened to 1 − q⁴', () => {
    for (const size of [0.05, 0.1, 0.3]) {
      const Q = skew(draw(15, size), 6);
      const R = exactR(each(Q, (x) => -x));
      const Q2 = multiply(Q, Q);
      const rest = multiply(multiply(Q2, Q2), R);
      const off = subtract(R, neumannR(Q));
      expect(largest(subtract(off, rest).data)).toBeLessThan(1e-12);
    }
    // One plane, q = tan(angle/2): 11°, 53° and 90°. The angle is right, and at 90° nothing is left of the plane.
    for (const [q, left] of [
      [0.1, 0.9999],
      [0.5, 0.9375],
      [1, 0],
    ]) {
      const Q = skew(Float64Array.of(q), 2);
      const [a, b] = neumannR(Q).data;
      expect(Math.hypot(a, b)).toBeCloseTo(left, 14);
      const [cos, sin] = exactR(Q).data;
      expect([cos * left, -sin * left]).toEqual([expect.closeTo(a, 14), expect.closeTo(b, 14)]);
    }
  });
});

// ── PEFT itself ──

const PYTHON = process.env.TORCH_PYTHON ?? 'python3';
const python = (input: string, ...list: string[]) =>
  spawnSync(PYTHON, list, { input, encoding: 'utf8', maxBuffer: 1e9, timeout: 120_000 });
const hasPeft = python('', '-c', 'import peft').status === 0;

/** Parameters of PEFT's layers for the numbers of the page. */
const PARTS: Readonly<Record<InPeft, Readonly<Record<string, string>>>> = {
  dora: { A: 'lora_A', B: 'lora_B', m: 'lora_magnitude_vector' },
  oft: { Q: 'oft_R' },
  lokr: { 'W₂': 'lokr_w2', C: 'lokr_w1' },
  hira: { A: 'hira_A', B: 'hira_B' },
  shira: { θ: 'shira_weight' },
  ia3: { ℓ: 'ia3_l' },
};

interface Layer {
  /** By part, as PEFT draws it. */
  readonly start: Readonly<Record<string, readonly number[]>>;
  readonly update: readonly (readonly number[])[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly merged: readonly (readonly number[])[];
}

const nested = ({ rows, cols, data }: Matrix64) =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));

/** The configuration that the export of an experiment names. */
const configOf = (e: Experiment) => peftSentence(e).match(/\w+Config\(.*?\)/)?.[0] ?? '';

function layers(cases: readonly object[]): readonly Layer[] {
  const { stdout, stderr, status } = python(
    JSON.stringify(cases),
    fileURLToPath(new URL('testing/peft_layers.py', import.meta.url)),
  );
  if (status !== 0) throw new Error(stderr);
  const { version, results } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { version: string; results: Layer[] };
  console.log(`PEFT ${version}`);
  return results;
}

describe.skipIf(!hasPeft)('PEFT as installed (skipped if Python cannot import peft)', () => {
  // No decompose_factor gives 3×2, and PEFT's norm is always detached.
  const cases = CASES.filter(([, { factor, norm }]) => factor === undefined && norm !== 'exact');

  const SCALED: readonly Partial<Experiment>[] = [{}, { scaling: 'rslora' }, { scaling: 'none' }];
  function loraCase(more: Partial<Experiment>) {
    const e = experimentOf({ target: 'rotation', d: D, k: K, rank: 3, alpha: 6, ...more });
    const source = stream(7, 'lora');
    const [A, B, W0, M] = [
      [3, K],
      [D, 3],
      [D, K],
      [D, K],
    ].map(([rows, cols]) =>
      asMatrix(
        rows,
        cols,
        Float64Array.from({ length: rows * cols }, () => source.normal()),
      ),
    );
    const values = { lora_A: [...A.data], lora_B: [...B.data] };
    return { e, A, B, M, given: { W0: nested(W0), target: nested(M), config: configOf(e), values } };
  }

  /** The number that all are; null: they differ. */
  const constant = (values: readonly number[]) => (values.every((x) => x === values[0]) ? values[0] : null);

  it('its layers, made from the exported configuration, have the same starts, ΔW and gradients', () => {
    const made = cases.map(([method, more]) => {
      // OFT's blocks along the inputs: the page's W₀ turned, Q as it is.
      const it = both(method, more);
      const turned = method === 'oft';
      const e = turned ? { ...it.e, d: it.e.k, k: it.e.d } : it.e;
      const side = (m: Matrix64) => nested(turned ? transpose(m) : m);
      const values = Object.fromEntries(
        Object.entries(it.values).map(([name, of]) => [PARTS[method][name], Array.from(of, (x) => (turned ? -x : x))]),
      );
      const places = it.places.length > 0 ? Array.from(it.places) : null;
      return {
        it,
        method,
        turned,
        given: { W0: side(it.W0), target: side(it.target), config: configOf(e), values, places },
      };
    });
    const plain = SCALED.map(loraCase);
    const results = layers([...made, ...plain].map(({ given }) => given));
    for (const [n, { e, A, B, M }] of plain.entries()) {
      const { update, gradients } = results[made.length + n];
      const s = scalingOf(e);
      const own = each(multiply(B, A), (x) => s * x);
      const G = subtract(own, M);
      const wanted = { lora_A: multiply(transpose(B), G), lora_B: multiply(G, transpose(A)) };
      expect(largest(own.data.map((x, at) => x - update.flat()[at]))).toBeLessThan(1e-12);
      for (const [part, { data }] of Object.entries(wanted))
        expect(largest(data.map((x, at) => s * x - gradients[part][at])), `${e.scaling} ${part}`).toBeLessThan(1e-11);
    }
    for (const [n, { it, method, turned }] of made.entries()) {
      const { start, update, merged, gradients } = results[n];
      for (const [i, { name, cols }] of it.shapes.entries()) {
        const [own, peft] = [[...it.own[i]], start[PARTS[method][name]].flat()];
        expect(peft.length, `${method} ${name}`).toBe(own.length);
        if (name === 'm') expect(largest(own.map((x, at) => x - peft[at]))).toBeLessThan(1e-6);
        else if (constant(own) !== null) expect(constant(peft), `${method} ${name}`).toBe(constant(own));
        // Uniform up to 1/√columns.
        else
          for (const drawn of [own, peft]) expect(Math.abs(largest(drawn) * Math.sqrt(cols) - 0.85)).toBeLessThan(0.15);
      }
      const own = it.delta(it.values);
      const scale = largest(own.data);
      for (const form of [update, merged]) {
        const flat = form.flat();
        const peft = asMatrix(turned ? K : D, turned ? D : K, Float64Array.from(flat));
        const off = subtract(turned ? transpose(peft) : peft, own);
        expect(largest(off.data) / scale, method).toBeLessThan(1e-12);
      }
      const size = Math.hypot(...Object.values(it.gradients).flatMap((g) => [...g]));
      for (const [name, g] of Object.entries(it.gradients)) {
        const peft = gradients[PARTS[method][name]].map((x) => (turned ? -x : x));
        expect(largest(g.map((x, at) => x - peft[at])) / size, `${method} ${name}`).toBeLessThan(1e-12);
      }
    }
  }, 180_000);
});
