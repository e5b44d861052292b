import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { type BackgroundRun, trainInBackground } from '../../engine/background-runs/background-run.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { leastOf } from '../../experiment/settings/rate.ts';
import { type AnyMatrix, frobenius, type Matrix64, multiply, scale, transpose } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { claims } from '../testing/claims.tsx';
import { A_DERIVATION, B_DERIVATION, type DerivationLine, ShapeBoxes, shapesOf } from './derivation.tsx';
import { lesson } from './lesson.tsx';
import { ADAM_RUN, TRUE_RANK } from './values.ts';

const trueRank = parseLink(TRUE_RANK).experiment;
const runs = new Map<Experiment, Promise<BackgroundRun>>();
function runOf(e: Experiment): Promise<BackgroundRun> {
  const known = runs.get(e) ?? trainInBackground(e, { backends: [typescriptBackend] });
  runs.set(e, known);
  return known;
}
const other = change(trueRank, { base: 'decay' });
const mirrored = change(trueRank, { init: 'init-b' });
const underAdam = parseLink(ADAM_RUN).experiment;
const normsOf = ({ points }: BackgroundRun) => points.modules[0];

// A layer of random numbers, 16 × 16 at rank 4, as on screen; n inputs as columns.
const random = stream(11, 'a layer of the lesson on gradients');
const any = (rows: number, cols: number) => gaussian(rows, cols, random);
const [W0, A, B, s] = [any(16, 16), any(4, 16), any(16, 4), 2];
const plus = (a: AnyMatrix, b: AnyMatrix): Matrix64 => ({
  ...scale(a, 1),
  data: a.data.map((v, i) => v + b.data[i]) as Float64Array,
});
const outputs = (x: Matrix64, a = A, b = B, w = W0) => plus(multiply(w, x), scale(multiply(b, multiply(a, x)), s));
/** ½‖h − y‖²/n. */
const lossOf = (x: Matrix64, y: Matrix64, a = A, b = B, w = W0) =>
  frobenius(plus(outputs(x, a, b, w), scale(y, -1))) ** 2 / (2 * x.cols);
const deltaOf = (x: Matrix64, y: Matrix64) => plus(outputs(x), scale(y, -1));
const gradB = (x: Matrix64, y: Matrix64) => scale(multiply(deltaOf(x, y), transpose(multiply(A, x))), s / x.cols);
const gradA = (x: Matrix64, y: Matrix64) =>
  scale(multiply(multiply(transpose(B), deltaOf(x, y)), transpose(x)), s / x.cols);
const moved = (M: Matrix64, n: number, by: number): Matrix64 => ({
  ...M,
  data: M.data.map((v, i) => (i === n ? v + by : v)),
});
/** The largest difference between a formula and the differences of the loss, relative to the largest entry. */
function apart(formula: Matrix64, loss: (n: number, by: number) => number): number {
  const largest = Math.max(...formula.data.map(Math.abs));
  const found = [...formula.data.keys()].map((n) => (loss(n, 1e-4) - loss(n, -1e-4)) / 2e-4);
  return Math.max(...found.map((v, n) => Math.abs(v - formula.data[n]))) / largest;
}
const row = (M: Matrix64, i: number) => [...M.data.subarray(i * M.cols, (i + 1) * M.cols)];
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
const parallel = (a: readonly number[], b: readonly number[]) => Math.abs(dot(a, b)) / Math.sqrt(dot(a, a) * dot(b, b));

/** Each product of shapes is valid and gives the shape of its line. */
const shapes = (step: string, lines: readonly DerivationLine[]) =>
  lines.map((line) => ({
    step,
    says: shapesOf(line),
    shows: () => {
      const [[made], ...terms] = shapesOf(line)
        .split(/ = | \+ /)
        .map((side) => [...side.matchAll(/(\d+) × (\d+)/g)].map(([, rows, cols]) => [Number(rows), Number(cols)]));
      expect(terms.length).toBeGreaterThan(0);
      for (const term of terms) {
        for (let i = 1; i < term.length; i++) expect(term[i][0]).toBe(term[i - 1][1]);
        expect([term[0][0], term[term.length - 1][1]]).toEqual(made);
      }
      return `${line.formula}: inner numbers agree, outer ones are ${made.join(' × ')}`;
    },
  }));

const once = <T extends { says: string }>(all: readonly T[]) =>
  all.filter(({ says }, i) => all.findIndex((one) => one.says === says) === i);

claims(
  lesson,
  [
    {
      step: 'Does W₀ matter?',
      says: 'The target stays the same, and so do the first A and B.',
      shows: async () => {
        const [[one], [two]] = [await runOf(trueRank), await runOf(other)].map(({ problem }) => problem.modules);
        expect([two.A.data, two.B.data, two.wanted?.matrix.data]).toEqual([
          one.A.data,
          one.B.data,
          one.wanted?.matrix.data,
        ]);
        expect(two.base.data).not.toEqual(one.base.data);
        return 'ΔW*, A and B are the same to the bit, W₀ is another matrix';
      },
    },
    {
      step: 'Does W₀ matter?',
      says: 'Nothing at all: every number of both curves is the same, to the last bit.',
      shows: async () => {
        const [one, two] = [await runOf(trueRank), await runOf(other)].map(normsOf);
        expect([two.gradNormA, two.gradNormB]).toEqual([one.gradNormA, one.gradNormB]);
        return `${one.gradNormA.length} steps, all equal`;
      },
    },
    {
      step: 'Does W₀ matter?',
      says: 'Both gradient curves, and the error with them, lie exactly on those of the previous run.',
      shows: async () => {
        const [one, two] = [await runOf(trueRank), await runOf(other)];
        expect(two.points.series).toEqual(one.points.series);
        return `error ${one.summary.relativeError?.toFixed(4)} in both`;
      },
    },
    ...once(shapes('The gradient of B, line by line', B_DERIVATION)),
    ...once(shapes('The gradient of A goes through B', A_DERIVATION)),
    {
      step: 'The gradient of B, line by line',
      says: 'an entry in row i is in output i alone',
      shows: () => {
        const x = any(16, 1);
        const before = outputs(x);
        const after = outputs(x, A, moved(B, 4 * 5 + 2, 0.1));
        const changed = [...before.data.keys()].filter((i) => before.data[i] !== after.data[i]);
        expect(changed).toEqual([5]);
        expect((after.data[5] - before.data[5]) / 0.1).toBeCloseTo(s * multiply(A, x).data[2], 8);
        return 'B₆₃ moved: output 6 changes by s·z₃ times that, no other output';
      },
    },
    {
      step: 'How wrong times how active',
      says: 'An output that was right, or a channel that was silent, moves nothing.',
      shows: () => {
        // y is exact in output 3; x is chosen so that z₁ = 0.
        const free = any(16, 1);
        const first = row(A, 0);
        const share = dot([...free.data], first) / dot(first, first);
        const x = { ...free, data: free.data.map((v, i) => v - share * first[i]) };
        const y = { ...any(16, 1) };
        y.data[3] = outputs(x).data[3];
        const G = gradB(x, y);
        expect(Math.max(...row(G, 3).map(Math.abs))).toBeLessThan(1e-12);
        expect(Math.max(...[...Array(16).keys()].map((i) => Math.abs(G.data[4 * i])))).toBeLessThan(1e-12);
        return 'row 4 and column 1 of ∂L/∂B are zero where δ₄ = 0 and z₁ = 0';
      },
    },
    {
      step: 'How wrong times how active',
      says: 'One sample per step here: 16 numbers in δ and 4 in z make all 64 entries.',
      shows: () => {
        const [x, y] = [any(16, 1), any(16, 1)];
        const [d, z] = [deltaOf(x, y), multiply(A, x)];
        const G = gradB(x, y);
        for (let i = 0; i < 16; i++)
          for (let j = 0; j < 4; j++) expect(G.data[4 * i + j]).toBeCloseTo(s * d.data[i] * z.data[j], 10);
        expect([d.data.length, z.data.length, G.data.length]).toEqual([16, 4, 64]);
        return '16 · 4 = 64 products';
      },
    },
    {
      step: 'How wrong times how active',
      says: 'A decides what of the input counts: row j is what channel j listens to.',
      shows: () => {
        // An x at right angles to every row of A leaves the adapter unchanged.
        const x = any(16, 1);
        const B0 = { ...B, data: B.data.map((v, n) => (n % 4 === 1 ? v : 0)) };
        const listened = row(A, 1);
        const share = dot([...x.data], listened) / dot(listened, listened);
        const heard = { ...x, data: Float64Array.from(listened, (v) => share * v) };
        const [all, part] = [x, heard].map((input) => multiply(B0, multiply(A, input)));
        expect(Math.max(...all.data.map((v, i) => Math.abs(v - part.data[i])))).toBeLessThan(1e-12);
        return 'with channel 2 alone, only the part of x along row 2 of A matters';
      },
    },
    {
      step: 'How wrong times how active',
      says: 'B decides where the output moves: column j is the direction in which channel j pushes it.',
      shows: () => {
        const B0 = { ...B, data: B.data.map((v, n) => (n % 4 === 1 ? v : 0)) };
        const column = [...Array(16).keys()].map((i) => B.data[4 * i + 1]);
        const cosines = [1, 2, 3].map(() => parallel([...multiply(B0, multiply(A, any(16, 1))).data], column));
        for (const cosine of cosines) expect(cosine).toBeCloseTo(1, 12);
        return 'with channel 2 alone, every output is a multiple of column 2 of B';
      },
    },
    {
      step: 'How wrong times how active',
      says: 'Two signs that agree give a positive entry, and SGD then makes that number of B smaller.',
      shows: () => {
        const G = gradB(any(16, 1), any(16, 1));
        const after = plus(B, scale(G, -0.01));
        for (const [n, v] of G.data.entries()) expect(Math.sign(after.data[n] - B.data[n])).toBe(-Math.sign(v));
        return 'all 64 entries move against their sign';
      },
    },
    {
      step: 'The gradient of A goes through B',
      says: 'So on its way back δ passes Bᵀ, and 16 numbers become 4.',
      shows: () => {
        const back = multiply(transpose(B), any(16, 1));
        expect([B.rows, back.data.length]).toEqual([16, 4]);
        return 'Bᵀδ has 4 numbers';
      },
    },
    {
      step: 'The gradient of A goes through B',
      says: 'The part of δ at right angles to all columns of B never reaches A.',
      shows: () => {
        // The part of a random δ outside col(B), by four steps of Gram–Schmidt.
        const basis: number[][] = [];
        const without = (v: number[]) => basis.reduce((left, q) => left.map((w, i) => w - dot(left, q) * q[i]), v);
        for (let j = 0; j < 4; j++) {
          const v = without([...Array(16).keys()].map((i) => B.data[4 * i + j]));
          basis.push(v.map((w) => w / Math.sqrt(dot(v, v))));
        }
        const outside = without([...any(16, 1).data]);
        const back = multiply(transpose(B), { rows: 16, cols: 1, data: Float64Array.from(outside) });
        const largest = Math.max(...back.data.map(Math.abs));
        expect(dot(outside, outside)).toBeGreaterThan(1);
        expect(largest).toBeLessThan(1e-12);
        return `largest entry of Bᵀδ ${largest.toExponential(1)}`;
      },
    },
    {
      step: 'The gradient of A goes through B',
      says: 'Each row of ∂L/∂A is a multiple of x:',
      shows: () => {
        const x = any(16, 1);
        const G = gradA(x, any(16, 1));
        for (let j = 0; j < 4; j++) expect(parallel(row(G, j), [...x.data])).toBeCloseTo(1, 12);
        return 'cosine of each of the 4 rows with x: 1';
      },
    },
    {
      step: 'What it costs, and a check',
      says: 'For one input the two gradients take 2rd + rk multiplications, full fine-tuning dk.',
      shows: () => {
        expect(countedBackward(16, 16, 4)).toBe(2 * 4 * 16 + 4 * 16);
        expect(multiply(any(16, 1), any(1, 16)).data.length).toBe(16 * 16);
        return '192, counted in loops: δzᵀ, Bᵀδ, and that times xᵀ; 256 entries in δxᵀ';
      },
    },
    {
      step: 'What it costs, and a check',
      says: 'In a layer with 4,096 rows and columns and r = 16 it is 196,608 against 16,777,216.',
      shows: () => {
        expect([16 * 4096 + 16 * 4096 + 16 * 4096, 4096 * 4096]).toEqual([196_608, 16_777_216]);
        return '196,608 and 16,777,216';
      },
    },
    {
      step: 'What it costs, and a check',
      says: 'From the forward pass only x and z have to be kept for this.',
      shows: () => {
        const [x, y] = [any(16, 1), any(16, 1)];
        const [kept, d] = [{ x, z: multiply(A, x) }, deltaOf(x, y)];
        expect(scale(multiply(d, transpose(kept.z)), s)).toEqual(gradB(x, y));
        expect(scale(multiply(multiply(transpose(B), d), transpose(kept.x)), s)).toEqual(gradA(x, y));
        return 'both gradients from x, z, δ and B alone';
      },
    },
    {
      step: 'What it costs, and a check',
      says: 'Both agree in all 64 entries, as far as rounding allows.',
      shows: () => {
        const [x, y] = [any(16, 1), any(16, 1)];
        const [ofA, ofB] = [
          apart(gradA(x, y), (n, by) => lossOf(x, y, moved(A, n, by))),
          apart(gradB(x, y), (n, by) => lossOf(x, y, A, moved(B, n, by))),
        ];
        expect(Math.max(ofA, ofB)).toBeLessThan(1e-8);
        expect([A.data.length, B.data.length]).toEqual([64, 64]);
        return `largest difference ${Math.max(ofA, ofB).toExponential(1)} of the largest entry`;
      },
    },
    {
      step: 'What it costs, and a check',
      says: 'LoRA does not save all of the backward pass: for the layers below, δ still goes back through W₀, which takes dk multiplications.',
      shows: () => {
        const [x, y] = [any(16, 1), any(16, 1)];
        const d = deltaOf(x, y);
        const down = plus(multiply(transpose(W0), d), scale(multiply(transpose(A), multiply(transpose(B), d)), s));
        const off = apart(down, (n, by) => lossOf(moved(x, n, by), y));
        expect(off).toBeLessThan(1e-7);
        return `∂L/∂x = W₀ᵀδ + s·Aᵀ(Bᵀδ), by differences to ${off.toExponential(1)}`;
      },
    },
    {
      step: 'A batch takes the mean',
      says: 'The loss is a mean, so the sums are divided by n.',
      shows: () => {
        const [x, y] = [any(16, 6), any(16, 6)];
        const [ofA, ofB] = [
          apart(gradA(x, y), (n, by) => lossOf(x, y, moved(A, n, by))),
          apart(gradB(x, y), (n, by) => lossOf(x, y, A, moved(B, n, by))),
        ];
        expect(Math.max(ofA, ofB)).toBeLessThan(1e-8);
        return `6 inputs: by differences to ${Math.max(ofA, ofB).toExponential(1)}`;
      },
    },
    {
      step: 'A batch takes the mean',
      says: 'Their products x·xᵀ average to the identity, and X disappears.',
      shows: () => {
        const n = 20_000;
        const x = any(16, n);
        const mean = scale(multiply(x, transpose(x)), 1 / n);
        const off = [...mean.data].map((v, i) => Math.abs(v - (i % 17 === 0 ? 1 : 0)));
        expect(Math.max(...off)).toBeLessThan(0.05);
        return `20,000 drawn inputs: at most ${Math.max(...off).toFixed(3)} from the identity`;
      },
    },
    {
      step: 'A batch takes the mean',
      says: 'This target is a matrix: its loss ½‖ΔW − ΔW*‖² is a mean over inputs that are equally strong in all directions.',
      shows: () => {
        const [n, target] = [20_000, any(16, 16)];
        const x = any(16, n);
        const y = multiply(plus(W0, target), x);
        const exact = frobenius(plus(scale(multiply(B, A), s), scale(target, -1))) ** 2 / 2;
        const ratio = lossOf(x, y) / exact;
        expect(Math.abs(ratio - 1)).toBeLessThan(0.03);
        return `20,000 drawn inputs: mean loss is ${ratio.toFixed(3)} times ½‖ΔW − ΔW*‖²`;
      },
    },
    {
      step: 'A batch takes the mean',
      says: 'With E = ΔW − ΔW* the gradients are s·E·Aᵀ and s·Bᵀ·E.',
      shows: () => {
        const target = any(16, 16);
        const loss = (a: Matrix64, b: Matrix64) =>
          frobenius(plus(scale(multiply(b, a), s), scale(target, -1))) ** 2 / 2;
        const E = plus(scale(multiply(B, A), s), scale(target, -1));
        const [ofA, ofB] = [
          apart(scale(multiply(transpose(B), E), s), (n, by) => loss(moved(A, n, by), B)),
          apart(scale(multiply(E, transpose(A)), s), (n, by) => loss(A, moved(B, n, by))),
        ];
        expect(Math.max(ofA, ofB)).toBeLessThan(1e-8);
        return `by differences to ${Math.max(ofA, ofB).toExponential(1)}`;
      },
    },
    {
      step: 'Who moves first?',
      says: 'So ∂L/∂A is exactly zero at first, and B moves alone.',
      shows: async () => {
        const { gradNormA, gradNormB } = normsOf(await runOf(trueRank));
        expect([gradNormA[0], gradNormB[0].toFixed(2)]).toEqual([0, '1.18']);
        return `${gradNormA[0]} and ${gradNormB[0].toFixed(3)}`;
      },
    },
    {
      step: 'Who moves first?',
      says: 'One update later the norm of ∂L/∂A is 0.362 1; from step 3 on it is the larger of the two.',
      shows: async () => {
        const { gradNormA, gradNormB } = normsOf(await runOf(trueRank));
        expect(gradNormA[1].toFixed(3)).toBe('0.362');
        const larger = [...gradNormA].map((v, t) => v > gradNormB[t]);
        expect(larger.indexOf(true)).toBe(3);
        expect(larger.slice(3).every(Boolean)).toBe(true);
        return `${gradNormA[1].toFixed(3)} at step 1; larger at all of the steps 3 to ${larger.length - 1}`;
      },
    },
    {
      step: 'Who moves first?',
      says: 'There the run ends at an error of 0.0433 2, as low as that rank gets: what is left is noise.',
      shows: async () => {
        const { summary, problem } = await runOf(trueRank);
        const floor = floorOf(problem.modules[0].wanted?.spectrum.values ?? new Float64Array())[8];
        expect(summary.relativeError?.toFixed(4)).toBe('0.0433');
        expect((summary.relativeError ?? 1) / floor).toBeLessThan(1.001);
        const pure = await trainInBackground(change(trueRank, { noise: 0, steps: 1 }), {
          backends: [typescriptBackend],
        });
        const left = floorOf(pure.problem.modules[0].wanted?.spectrum.values ?? new Float64Array())[8];
        expect(left).toBeLessThan(1e-6);
        return `error ${summary.relativeError?.toFixed(5)}, floor ${floor.toFixed(5)}, without noise ${left.toExponential(0)}`;
      },
    },
    {
      step: 'Who moves first?',
      says: 'Now ∂L/∂B is exactly zero at step 0, and A moves first.',
      shows: async () => {
        const { gradNormA, gradNormB, updateNormA, updateNormB } = normsOf(await runOf(mirrored));
        expect([gradNormB[0], updateNormB[1]]).toEqual([0, 0]);
        expect(Math.min(gradNormA[0], updateNormA[1], updateNormB[2])).toBeGreaterThan(0);
        return `‖∂L/∂B‖ = ${gradNormB[0]}, ‖∂L/∂A‖ = ${gradNormA[0].toFixed(2)}`;
      },
    },
    {
      step: 'Who moves first?',
      says: 'B starts with larger numbers than A did, so the automatic rate is … instead of 0.16.',
      shows: async () => {
        const [usual, swapped] = [await runOf(trueRank), await runOf(mirrored)];
        const size = ({ data }: AnyMatrix) =>
          frobenius({ rows: 1, cols: data.length, data } as Matrix64) / Math.sqrt(data.length);
        expect(usual.summary.rate).toBe(0.16);
        expect(swapped.summary.rate).toBeLessThan(0.05);
        expect(size(swapped.problem.modules[0].B)).toBeGreaterThan(2 * size(usual.problem.modules[0].A));
        expect(swapped.summary.relativeError ?? 0).toBeGreaterThan(2 * (usual.summary.relativeError ?? 1));
        return `rates ${usual.summary.rate} and ${swapped.summary.rate}; error ${usual.summary.relativeError?.toFixed(3)} and ${swapped.summary.relativeError?.toFixed(3)}`;
      },
    },
    {
      step: 'Who moves first?',
      says: 'With A = 0 and B = 0 both gradients are zero, and they stay zero for ever: the experiment “Dead start”.',
      shows: async () => {
        const { gradNormA, gradNormB } = normsOf(await runOf(change(trueRank, { init: 'both-zero', steps: 20 })));
        expect([...gradNormA, ...gradNormB].every((v) => v === 0)).toBe(true);
        return '20 steps, all norms 0';
      },
    },
    {
      step: 'The first steps under Adam',
      says: 'In the first step that is its own size, so every entry of B moves by the rate, however small its gradient is.',
      shows: async () => {
        const { observed, summary } = await trainInBackground(change(underAdam, { steps: 1 }), {
          backends: [typescriptBackend],
        });
        const moves = [...(observed.at(-1)?.factors[0].B ?? [])].map(Math.abs);
        expect(summary.rate).toBe(0.015);
        expect(Math.min(...moves)).toBeCloseTo(0.015, 5);
        expect(Math.max(...moves)).toBeCloseTo(0.015, 5);
        return `512 entries moved by ${Math.min(...moves).toFixed(6)} to ${Math.max(...moves).toFixed(6)}`;
      },
    },
    {
      step: 'The first steps under Adam',
      says: 'In the first step each of the 512 entries of B moves by the rate: 0.015·√512 = 0.339 in all.',
      shows: async () => {
        const { updateNormB } = normsOf(await runOf(underAdam));
        expect([64 * 8, (0.015 * Math.sqrt(512)).toFixed(3), updateNormB[1].toFixed(3)]).toEqual([
          512,
          '0.339',
          '0.339',
        ]);
        return `‖change of B‖ = ${updateNormB[1].toFixed(4)}`;
      },
    },
    {
      step: 'The first steps under Adam',
      says: 'The gradient of A is zero, and even Adam leaves A where it is.',
      shows: async () => {
        const { updateNormA } = normsOf(await runOf(underAdam));
        expect(updateNormA[1]).toBe(0);
        return `‖change of A‖ = ${updateNormA[1]} in the first step`;
      },
    },
    {
      step: 'The first steps under Adam',
      says: 'In the second step it moves by 0.744 times the rate per entry:',
      shows: async () => {
        const { updateNormA, updateNormB } = normsOf(await runOf(underAdam));
        // m̂ = 0.1g/(1 − 0.9²), v̂ = 0.001g²/(1 − 0.999²)
        const closed = 0.1 / (1 - 0.9 ** 2) / Math.sqrt(0.001 / (1 - 0.999 ** 2));
        const measured = updateNormA[2] / (0.015 * Math.sqrt(512));
        expect(closed).toBeCloseTo(0.744, 3);
        expect(measured).toBeCloseTo(closed, 3);
        expect(updateNormB[2]).toBeGreaterThan(0);
        return `closed form ${closed.toFixed(4)}, measured ${measured.toFixed(4)}`;
      },
    },
    {
      step: 'The first steps under Adam',
      says: 'Now each update is the gradient before it times the rate.',
      shows: async () => {
        const run = await runOf(trueRank);
        const norms = normsOf(run);
        for (const t of [1, 2, 3]) {
          expect(norms.updateNormB[t]).toBeCloseTo(leastOf(run.summary.rate) * norms.gradNormB[t - 1], 5);
          expect(norms.updateNormA[t]).toBeCloseTo(leastOf(run.summary.rate) * norms.gradNormA[t - 1], 5);
        }
        return `B: 0.16 × ${norms.gradNormB[0].toFixed(3)} = ${norms.updateNormB[1].toFixed(3)}`;
      },
    },
    {
      step: 'The first steps under Adam',
      says: 'A waits for one step here too, and then moves in small steps that grow.',
      shows: async () => {
        const { updateNormA } = normsOf(await runOf(trueRank));
        const first = [...updateNormA.subarray(1, 6)];
        expect(first[0]).toBe(0);
        for (let i = 1; i < first.length; i++) expect(first[i]).toBeGreaterThan(first[i - 1]);
        return first.map((v) => v.toFixed(3)).join(', ');
      },
    },
    {
      step: 'The first steps under Adam',
      says: '0.744 holds for gradients well above 10⁻⁸.',
      shows: () => {
        const moves = [1e-2, 1e-7, 1e-8].map(
          (g) => (0.1 * g) / (1 - 0.81) / (Math.sqrt((0.001 * g * g) / (1 - 0.999 ** 2)) + 1e-8),
        );
        expect(moves.map((v) => v.toFixed(2))).toEqual(['0.74', '0.65', '0.31']);
        return `at gradients of 10⁻², 10⁻⁷ and 10⁻⁸: ${moves.map((v) => v.toFixed(2)).join(', ')} times the rate`;
      },
    },
    {
      step: 'Questions',
      says: 'x and z: 256 + 8 = 264.',
      shows: () => {
        expect([any(256, 1), multiply(any(8, 256), any(256, 1))].map(({ data }) => data.length)).toEqual([256, 8]);
        return '264 numbers';
      },
    },
  ],
  {
    plain: [
      'The gradient of A at step 0 is …, that of B ….',
      '1',
      '2',
      '3',
      'Suppose that W₀ 1 is replaced by a very different matrix of the same size: a few directions become strong, the others weak.',
      'The target has true rank 8.',
      'Smaller ones move less, as the 10⁻⁸ in Adam’s denominator then counts.',
      'Below the picture every entry is compared with central differences: it is moved up and down by 10⁻⁴, and the two losses are compared.',
      'Let A start at zero and B at random numbers instead.',
      'A layer has 256 inputs and 512 outputs, and r = 8.',
      'B = 0, Adam, rate 0.01.',
      'Its gradient is exactly zero, and 0/(0 + 10⁻⁸) = 0.',
      'Choose an initialisation for which at step 0 the gradient of B is exactly zero and that of A is not.',
      'Output i is exactly right for an input: δᵢ = 0.',
    ],
  },
);

/** Multiplications of both gradients, counted in the loops that make them. */
function countedBackward(d: number, k: number, r: number): number {
  let n = 0;
  for (let i = 0; i < d; i++) for (let j = 0; j < r; j++) n += 1; // δzᵀ
  for (let j = 0; j < r; j++) for (let i = 0; i < d; i++) n += 1; // Bᵀδ
  for (let j = 0; j < r; j++) for (let i = 0; i < k; i++) n += 1; // times xᵀ
  return n;
}

it('draws the shapes of a product as boxes that fit', () => {
  for (const { sizes } of [...B_DERIVATION, ...A_DERIVATION]) {
    const html = renderToStaticMarkup(createElement(ShapeBoxes, { sizes }));
    const boxes = [...html.matchAll(/width:(\d+)px;height:(\d+)px/g)].map(([, width, height]) => [+width, +height]);
    if (sizes.flat().every((n) => n === 1)) {
      expect(boxes).toEqual([]);
      continue;
    }
    const [[width, height], ...factors] = boxes;
    for (const product of sizes) {
      const own = factors.splice(0, product.length - 1);
      // The left one is as wide as the next one is high; the outer sides are those of the result.
      for (const [i, [wide]] of own.slice(0, -1).entries()) expect(wide).toBe(own[i + 1][1]);
      expect([own.at(-1)?.[0], own[0][1]]).toEqual([width, height]);
    }
    expect(factors).toEqual([]);
  }
});
