import '../figures/figures.css';
import { useEffect, useMemo, useState } from 'react';
import { number } from '../../experiment/numbers.ts';
import { optionsOf, Radios } from '../../kit/button.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { Formula } from '../../kit/formula/formula.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { evenTrack, SliderControl } from '../../kit/slider.tsx';
import { gaussian, stream } from '../../math/random.ts';
import { type EffectiveRankKind, effectiveRank } from '../../math/spectral/spectra.ts';
import { drawSubspaces } from '../charts/subspace/subspace.ts';
import { lessonValue, useLessonValue } from '../pane/values.tsx';

/** The layer is SIDE × SIDE. */
export const SIDE = 12;
export const NUMBERS = SIDE * SIDE;
/** Inputs of the small task: each fixes SIDE outputs. */
const INPUTS = 3;
export const SEEDS = [1, 2, 3, 4, 5] as const;

export type Task = 'matrix' | 'few';

/** Equations that the layer has to meet, by task. */
const EQUATIONS: Readonly<Record<Task, number>> = { matrix: NUMBERS, few: INPUTS * SIDE };

/** Right-hand sides of the equations: the matrix itself, row by row, or its outputs for the inputs. */
function wantedOf(task: Task, change: Float64Array, inputs: Float64Array): Float64Array {
  if (task === 'matrix') return change;
  const out = new Float64Array(EQUATIONS.few);
  for (let i = 0; i < SIDE; i++)
    for (let n = 0; n < INPUTS; n++)
      for (let j = 0; j < SIDE; j++) out[i * INPUTS + n] += change[i * SIDE + j] * inputs[j * INPUTS + n];
  return out;
}

/**
 * θ = θ₀ + P·z: the numbers θ move in a random subspace of dimension m. The least relative error over z for each
 * m from 0 to dk: projection onto the columns of P, one more at a time (Gram–Schmidt, twice).
 */
export function errorsInSubspace(task: Task, seed: number, last = NUMBERS): Float64Array {
  const purpose = (name: string) => stream(seed, `subspace ${name}`);
  const inputs = gaussian(SIDE, INPUTS, purpose('inputs')).data;
  const left = Float64Array.from(wantedOf(task, gaussian(SIDE, SIDE, purpose('target')).data, inputs));
  const P = gaussian(last, NUMBERS, purpose('P')).data;
  const whole = norm(left);
  const errors = new Float64Array(last + 1).fill(1);
  const basis: Float64Array[] = [];
  for (let m = 1; m <= last; m++) {
    const reached = Float64Array.from(wantedOf(task, P.subarray((m - 1) * NUMBERS, m * NUMBERS), inputs));
    const length = norm(reached);
    for (let twice = 0; twice < 2; twice++) for (const one of basis) subtract(reached, one, dot(reached, one));
    const rest = norm(reached);
    // Else the column is in the span already.
    if (rest > 1e-10 * length) {
      for (let i = 0; i < reached.length; i++) reached[i] /= rest;
      basis.push(reached);
      subtract(left, reached, dot(left, reached));
    }
    errors[m] = basis.length === left.length ? 0 : norm(left) / whole;
  }
  return errors;
}

function subtract(from: Float64Array, direction: Float64Array, by: number): void {
  for (let i = 0; i < from.length; i++) from[i] -= by * direction[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const norm = (values: Float64Array) => Math.sqrt(dot(values, values));

/** The first dimension from which the error stays below `max`: the intrinsic dimension at that threshold. */
export const intrinsicDimension = (errors: Float64Array, max: number): number =>
  errors.findIndex((error) => error <= max);

export type Draws = readonly Float64Array[];

/** One more draw, until there is one per seed. */
export const withNextDraw = (task: Task, draws: Draws): Draws =>
  draws.length < SEEDS.length ? [...draws, errorsInSubspace(task, SEEDS[draws.length])] : draws;

/** Cache: several steps share the figure, and a draw takes about ten milliseconds. */
const made = new Map<Task, Draws>();

/** The draws of a task: the first at once, then one per frame. */
function useDraws(task: Task): Draws {
  const [, show] = useState<Draws>([]);
  const draws = made.get(task) ?? withNextDraw(task, []);
  made.set(task, draws);
  useEffect(() => {
    if (draws.length === SEEDS.length) return;
    const frame = requestAnimationFrame(() => {
      const more = withNextDraw(task, draws);
      made.set(task, more);
      show(more);
    });
    return () => cancelAnimationFrame(frame);
  }, [task, draws]);
  return draws;
}

export const TASK = lessonValue<Task>('task', 'matrix');

const TASKS: Readonly<Record<Task, string>> = {
  matrix: `All ${NUMBERS} numbers of a matrix`,
  few: `The outputs for ${INPUTS} inputs`,
};

export function SubspaceFigure() {
  const [task, choose] = useLessonValue(TASK);
  const draws = useDraws(task);
  const scene = useMemo(() => ({ draws, equations: EQUATIONS[task] }), [draws, task]);
  const at = (m: number) => number(draws[0][m]);
  const reached = draws.map((errors) => intrinsicDimension(errors, 0.1));
  const words = `Relative error, first draw: ${at(12)} at m = 12, ${at(24)} at 24, ${at(72)} at 72, ${at(NUMBERS)} at ${NUMBERS}. An error of 0.1 takes ${Math.min(...reached)} to ${Math.max(...reached)} dimensions.`;
  return (
    <Figure
      className="of-low-rank"
      title="Error in a random subspace against its dimension"
      help={
        <>
          a {SIDE} × {SIDE} layer, {NUMBERS} numbers <i>θ</i> = <i>θ</i>₀ + <i>P</i>·<i>z</i>, trained to the best{' '}
          <i>z</i>; {SEEDS.length} draws of <i>P</i>
        </>
      }
    >
      <Radios aria-label="What is to be learned" options={optionsOf(TASKS)} value={task} onChange={choose} />
      <Plot chart={{ draw: drawSubspaces, describe: () => words }} scene={scene} />
    </Figure>
  );
}

export const DECAY = lessonValue('decay', 0.7);
const VALUES = 8;
const SHARES = evenTrack(0, 1, 0.05);

export const decayingValues = (decay: number): Float64Array =>
  Float64Array.from({ length: VALUES }, (_, i) => decay ** i);

const KINDS: readonly (readonly [EffectiveRankKind, string, string])[] = [
  ['entropy', 'entropy of σ', 'exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ/Σσ'],
  ['entropy-squared', 'entropy of σ²', 'exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ²/Σσ²'],
  ['participation', 'participation ratio', '(Σσ²)²/Σσ⁴'],
  ['stable', 'stable rank', 'Σσ²/σ₁²'],
];

/** Four definitions of the effective rank on one spectrum that the reader shapes. */
export function FourRanks() {
  const [decay, setDecay] = useLessonValue(DECAY);
  const sigma = decayingValues(decay);
  const total = sigma.reduce((sum, s) => sum + s, 0);
  return (
    <section className="of-low-rank four" aria-label="Effective rank, four definitions">
      <h2>Eight singular values, and four ways to count them</h2>
      <SliderControl
        label="Each singular value is so much of the one before"
        text={decay.toFixed(2)}
        track={SHARES}
        value={decay}
        onValue={setDecay}
      />
      <svg
        viewBox="0 0 640 190"
        role="img"
        aria-label={`Singular values: ${Array.from(sigma, (s) => number(s, 2)).join(', ')}`}
      >
        <path className="rule-line" d="M10 160.5H630" />
        {Array.from(sigma, (s, i) => (
          <g key={i}>
            <rect className="dw fill" x={20 + 78 * i} y={160 - 140 * s} width={48} height={Math.max(0.5, 140 * s)} />
            <text x={44 + 78 * i} y={154 - 140 * s} textAnchor="middle">
              {number(s, 2)}
            </text>
            <text className="pale" x={44 + 78 * i} y={180} textAnchor="middle">
              p {(s / total).toFixed(2)}
            </text>
          </g>
        ))}
      </svg>
      <DataTable
        className="numbers"
        rows={KINDS}
        columns={[
          { key: 'definition', head: 'definition', cell: ([, name]) => name },
          { key: 'formula', head: 'formula', cell: ([, , formula]) => <Formula>{formula}</Formula> },
          {
            key: 'value',
            head: 'of these eight',
            className: 'number',
            cell: ([kind]) => effectiveRank(sigma, kind).toFixed(2),
          },
        ]}
      />
    </section>
  );
}
