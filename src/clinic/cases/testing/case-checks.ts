import { builtBases } from '../../../experiment/layer/built-bases.ts';
import { number, percent, trim } from '../../../experiment/numbers.ts';
import { errorAtEnd, type RunRecord } from '../../../experiment/run-file/run-record.ts';
import { throughNf4 } from '../../../math/nf4.ts';
import { stream } from '../../../math/random.ts';
import type { CaseName, CaseRuns } from '../case.ts';
import { gradientsOf } from '../curves.ts';
import { mergeIn } from '../merged.ts';

export type Figures = Readonly<Record<string, number>>;

/** Figures of a case at one seed, by what they show. */
export interface CaseFigures {
  readonly symptom: Figures;
  readonly cure: Figures;
  /** A list for each of the wrong cures, in their order. */
  readonly wrong: readonly Figures[];
  /** Further ones that its words name. */
  readonly further: Figures;
}

interface CaseCheck {
  readonly figures: (runs: CaseRuns) => CaseFigures;
  /** What counts as seen, cured and not cured. */
  readonly criterion: string;
  readonly holds: (found: CaseFigures) => boolean;
  readonly write: (value: number) => string;
  /** Numbers of its words that are settings or facts, not figures of runs. */
  readonly settings?: readonly string[];
  /** `npm test` trains this many steps of its runs again; default: all. */
  readonly most?: number;
}

function known(runs: CaseRuns, key: string): RunRecord {
  const run = runs.get(key);
  if (!run) throw new Error(`the run ${key} is missing`);
  return run;
}

const errorOf = (runs: CaseRuns, key: string) => errorAtEnd(known(runs, key)) ?? Number.NaN;
const errorAt = (runs: CaseRuns, key: string, step: number) =>
  known(runs, key).trace.series.relativeError?.[step] ?? Number.NaN;
const accuracyOf = (runs: CaseRuns, key: string) => known(runs, key).losses.accuracy?.at(-1) ?? Number.NaN;
const heldOutOf = (runs: CaseRuns, key: string) => known(runs, key).losses.heldOut.at(-1) ?? Number.NaN;
const leastHeldOut = (runs: CaseRuns, key: string) => Math.min(...known(runs, key).losses.heldOut);
const stepsOf = (runs: CaseRuns, key: string) => known(runs, key).trace.length - 1;
const firstGradientOf = (runs: CaseRuns, key: string, of: 'gradNormA' | 'gradNormB' = 'gradNormB') =>
  gradientsOf(known(runs, key), of)[0];
const diverged = (runs: CaseRuns, key: string) => (known(runs, key).status === 'diverged' ? 1 : 0);

const one = (figures: Figures): number => Object.values(figures)[0];

/** The mean training loss of an epoch of 40 steps. */
function epochLoss(runs: CaseRuns, key: string, epoch: number): number {
  const part = known(runs, key).trace.series.loss.subarray(40 * epoch, 40 * epoch + 40);
  return part.reduce((sum, x) => sum + x, 0) / 40;
}

/** The least error of a method over the rates; wrong cures are no rates. */
function bestOf(runs: CaseRuns, method: string): number {
  const keys = [...runs].filter(([, { experiment, status }]) => experiment.method === method && status !== 'diverged');
  return Math.min(
    ...keys
      .map(([key]) => key)
      .filter((key) => !['longer', 'seed'].includes(key))
      .map((key) => errorOf(runs, key)),
  );
}

/** ‖Q − W₀‖/‖W₀‖ with Q = W₀ in NF4. */
function nf4From({ experiment: { d, k, seed, base } }: RunRecord): number {
  const W = builtBases[base]({ d, k, stream: stream(seed, 'W0'), progress: () => {} }).matrix.data;
  const Q = throughNf4({ rows: d, cols: k, data: W }).data;
  const squares = (values: Float32Array) => values.reduce((sum, x) => sum + x ** 2, 0);
  return Math.sqrt(squares(Q.map((q, i) => q - W[i])) / squares(W));
}

const CHECKS = {
  nothing: {
    figures: (runs) => ({
      symptom: { error: errorOf(runs, 'symptom') },
      cure: { error: errorOf(runs, 'cure') },
      wrong: ['longer', 'rank', 'alpha'].map((key) => ({ error: errorOf(runs, key) })),
      further: {
        'at 2·10⁻⁴': errorOf(runs, 'usual'),
        'float16, gradients lost': errorOf(runs, 'lost'),
        'with a loss scale': errorOf(runs, 'kept'),
      },
    }),
    criterion:
      'symptom above 0.98, cure below 0.08, wrong cures above 0.9; in float16 without a loss scale 1 to six digits, with one below 0.9',
    holds: ({ symptom, cure, wrong, further }) =>
      one(symptom) > 0.98 &&
      one(cure) < 0.08 &&
      wrong.every((it) => one(it) > 0.9) &&
      Math.abs(further['float16, gradients lost'] - 1) < 1e-6 &&
      further['with a loss scale'] < 0.9,
    write: number,
    settings: ['0.001', '0.003', '0.015'],
  },
  flat: {
    figures: (runs) => ({
      symptom: { 'error after 20 steps': errorAt(runs, 'symptom', 20) },
      cure: { 'error after 20 steps': errorAt(runs, 'cure', 20) },
      wrong: ['seed', 'rank', 'warm'].map((key) => ({ 'error after 20 steps': errorAt(runs, key, 20) })),
      further: {
        'after 40': errorAt(runs, 'symptom', 40),
        'after 60': errorAt(runs, 'symptom', 60),
        'after 80': errorAt(runs, 'symptom', 80),
        'after 300': errorOf(runs, 'symptom'),
        '‖∂L/∂A‖ at step 0': firstGradientOf(runs, 'symptom', 'gradNormA'),
      },
    }),
    criterion: 'after 20 steps: symptom and wrong cures above 0.9, cure below 0.35; the symptom ends below 0.4',
    holds: ({ symptom, cure, wrong, further }) =>
      one(symptom) > 0.9 && one(cure) < 0.35 && wrong.every((it) => one(it) > 0.9) && further['after 300'] < 0.4,
    write: number,
  },
  zeros: {
    figures: (runs) => ({
      symptom: { error: errorOf(runs, 'symptom') },
      cure: { error: errorOf(runs, 'cure') },
      wrong: ['rate', 'longer', 'rank'].map((key) => ({ error: errorOf(runs, key) })),
      further: { '‖∂L/∂B‖ at step 0': firstGradientOf(runs, 'symptom') },
    }),
    criterion: 'symptom and wrong cures 1 to six digits, cure below 0.08',
    holds: ({ symptom, cure, wrong }) =>
      [symptom, ...wrong].every((it) => Math.abs(one(it) - 1) < 1e-6) && one(cure) < 0.08,
    write: number,
    settings: ['0.1'],
  },
  nan: {
    figures: (runs) => ({
      symptom: { 'last step with a number': stepsOf(runs, 'symptom'), diverged: diverged(runs, 'symptom') },
      cure: { error: errorOf(runs, 'cure'), diverged: diverged(runs, 'cure') },
      wrong: ['rank', 'seed', 'warm', 'clip'].map((key) => ({
        'last step with a number': stepsOf(runs, key),
        diverged: diverged(runs, key),
        error: errorOf(runs, key),
      })),
      further: {
        'at step 1': errorAt(runs, 'symptom', 1),
        'at step 2': errorAt(runs, 'symptom', 2),
        'float16, loss scale 65,536: last step': stepsOf(runs, 'overflow'),
        'diverged there': diverged(runs, 'overflow'),
        'loss scale 1,024: error': errorOf(runs, 'scaled'),
      },
    }),
    criterion:
      'symptom and wrong cures diverge, all but warm-up within 10 steps, or if clipped end above 0.3; the cure ends below 0.2; float16 diverges at the first step with the larger loss scale, and ends below 0.2 with the smaller',
    holds: ({ symptom, cure, wrong, further }) =>
      [symptom, ...wrong.slice(0, 2)].every((it) => it.diverged === 1 && it['last step with a number'] < 10) &&
      wrong[2].diverged === 1 &&
      wrong[3].error > 0.3 &&
      cure.diverged === 0 &&
      cure.error < 0.2 &&
      further['float16, loss scale 65,536: last step'] === 0 &&
      further['diverged there'] === 1 &&
      further['loss scale 1,024: error'] < 0.2,
    write: trim,
    settings: ['0.12', '0.3'],
  },
  staircase: {
    figures: (runs) => ({
      symptom: {
        'first epoch': epochLoss(runs, 'symptom', 0),
        second: epochLoss(runs, 'symptom', 1),
        third: epochLoss(runs, 'symptom', 2),
        'held-out loss at the end': heldOutOf(runs, 'symptom'),
      },
      cure: { 'held-out loss at its lowest': leastHeldOut(runs, 'symptom') },
      wrong: ['random', 'rate', 'batch'].map((key) => ({ 'held-out loss at the end': heldOutOf(runs, key) })),
      further: { 'lowest at half the rate': leastHeldOut(runs, 'rate') },
    }),
    criterion:
      'mean training loss down by a quarter from epoch to epoch; held-out loss at its lowest 10% below the end, below that of every wrong cure',
    holds: ({ symptom, cure, wrong }) =>
      symptom.second < 0.75 * symptom['first epoch'] &&
      symptom.third < 0.75 * symptom.second &&
      one(cure) < 0.9 * symptom['held-out loss at the end'] &&
      wrong.every((it) => one(it) > one(cure)),
    write: number,
  },
  overfit: {
    figures: (runs) => ({
      symptom: {
        'new digits read': accuracyOf(runs, 'symptom'),
        'held-out loss at the end': heldOutOf(runs, 'symptom'),
        'at its lowest': leastHeldOut(runs, 'symptom'),
      },
      cure: {
        'new digits read': accuracyOf(runs, 'cure'),
        'held-out loss at the end': heldOutOf(runs, 'cure'),
        'at its lowest': leastHeldOut(runs, 'cure'),
      },
      wrong: ['rank', 'longer'].map((key) => ({
        'new digits read': accuracyOf(runs, key),
        'held-out loss at the end': heldOutOf(runs, key),
      })),
      further: {},
    }),
    criterion:
      'symptom: below 0.8 of new digits, held-out loss up by 10% from its lowest; cure at least 0.05 more; wrong cures within 0.02 of the symptom or below',
    holds: ({ symptom, cure, wrong }) =>
      one(symptom) < 0.8 &&
      symptom['held-out loss at the end'] > 1.1 * symptom['at its lowest'] &&
      one(cure) > one(symptom) + 0.05 &&
      wrong.every((it) => one(it) < one(symptom) + 0.02),
    write: number,
  },
  rank64: {
    figures: (runs) => ({
      symptom: { 'error at rank 64': errorOf(runs, 'symptom'), 'at rank 8': errorOf(runs, 'standard-8') },
      cure: { 'error at rank 64': errorOf(runs, 'cure'), 'at rank 8': errorOf(runs, 'rslora-8') },
      wrong: [{ 'error at rank 64': errorOf(runs, 'longer') }],
      further: {
        '‖∂L/∂B‖ at rank 8': firstGradientOf(runs, 'standard-8'),
        'at rank 64': firstGradientOf(runs, 'symptom'),
      },
    }),
    criterion: 'symptom: at rank 64 twice the error of rank 8; cure: below rank 8; wrong cure twice the cure',
    holds: ({ symptom, cure, wrong: [longer] }) =>
      one(symptom) > 2 * symptom['at rank 8'] && one(cure) < cure['at rank 8'] && one(longer) > 2 * one(cure),
    write: number,
    settings: ['0.25'],
  },
  variant: {
    figures: (runs) => ({
      symptom: { 'error of OFT at rate 1': errorOf(runs, 'symptom'), 'of LoRA': errorOf(runs, 'lora') },
      cure: { 'OFT at its best': bestOf(runs, 'oft'), 'LoRA at its best': bestOf(runs, 'lora') },
      wrong: ['longer', 'seed'].map((key) => ({ 'error of OFT at rate 1': errorOf(runs, key) })),
      further: {},
    }),
    criterion: 'at rate 1 OFT and its wrong cures above LoRA; at its best below 0.05 and a tenth of LoRA’s best',
    holds: ({ symptom, cure, wrong }) =>
      one(symptom) > symptom['of LoRA'] &&
      one(cure) < 0.05 &&
      one(cure) < 0.1 * cure['LoRA at its best'] &&
      wrong.every((it) => one(it) > symptom['of LoRA']),
    write: number,
    settings: ['0.1', '0.05'],
  },
  modules: {
    figures: (runs) => ({
      symptom: { 'symbols right': accuracyOf(runs, 'symptom') },
      cure: { 'symbols right': accuracyOf(runs, 'cure') },
      wrong: ['rank', 'longer'].map((key) => ({ 'symbols right': accuracyOf(runs, key) })),
      further: { 'q, v': accuracyOf(runs, 'qv') },
    }),
    criterion: 'symptom and wrong cures below 0.2 of the symbols, cure above 0.7',
    holds: ({ symptom, cure, wrong }) => one(symptom) < 0.2 && one(cure) > 0.7 && wrong.every((it) => one(it) < 0.2),
    write: number,
    most: 10,
  },
  merged: {
    figures: (runs) => {
      const of = (key: string, format: Parameters<typeof mergeIn>[1]) => mergeIn(known(runs, key), format);
      return {
        symptom: {
          'ΔW lost': of('symptom', 'bfloat16').lost,
          'weights unchanged': of('symptom', 'bfloat16').unchanged,
        },
        cure: { 'ΔW lost': of('symptom', 'float32').lost, 'weights unchanged': of('symptom', 'float32').unchanged },
        wrong: [{ 'ΔW lost': of('symptom', 'once').lost }],
        further: {
          'in float16': of('symptom', 'float16').lost,
          'of 1,000 steps in NF4': of('largest', 'nf4').lost,
          'NF4 from W₀': nf4From(known(runs, 'symptom')),
          'of 100 steps': of('larger', 'bfloat16').lost,
          'of 1,000 steps': of('largest', 'bfloat16').lost,
          '‖ΔW‖/‖W₀‖': of('symptom', 'bfloat16').size,
          'after 100': of('larger', 'bfloat16').size,
          'after 1,000': of('largest', 'bfloat16').size,
        },
      };
    },
    criterion:
      'symptom and wrong cure: more than half of ΔW lost; half of the weights unchanged; cure: less than 0.01% lost',
    holds: ({ symptom, cure, wrong }) =>
      [symptom, ...wrong].every((it) => one(it) > 0.5) && symptom['weights unchanged'] > 0.5 && one(cure) < 1e-4,
    write: percent,
    settings: ['0.2', '0.4%', '0.01%'],
  },
  size: {
    figures: (runs) => ({
      symptom: { 'error at rank 64': errorOf(runs, 'symptom') },
      cure: { 'error cut to 16': errorOf(runs, 'cure') },
      wrong: ['trained-16', 'trained-8'].map((key) => ({ error: errorOf(runs, key) })),
      further: { 'cut to 8': errorOf(runs, 'cut-8') },
    }),
    criterion: 'cure within 1% of the symptom; trained at 16 more than twice its error, at 8 no less than cut to 8',
    holds: ({ symptom, cure, wrong: [at16, at8], further }) =>
      one(cure) < 1.01 * one(symptom) && one(at16) > 2 * one(cure) && one(at8) >= one(further),
    write: number,
    settings: ['95%', '31%'],
  },
  together: {
    figures: (runs) => ({
      symptom: { 'of both, summed': accuracyOf(runs, 'symptom') },
      cure: { 'of both, the mean': accuracyOf(runs, 'cure') },
      wrong: ['weight', 'longer'].map((key) => ({ 'of both': accuracyOf(runs, key) })),
      further: {
        'each of its own': Math.min(accuracyOf(runs, 'one'), accuracyOf(runs, 'other')),
        'one trained on both': accuracyOf(runs, 'both'),
        'first of the second': accuracyOf(runs, 'one-reads-other'),
        'second of the first': accuracyOf(runs, 'other-reads-one'),
      },
    }),
    criterion: 'each alone reads at least 0.95 of its own; the mean at least 0.05 more than the sum; wrong cures less',
    holds: ({ symptom, cure, wrong, further }) =>
      further['each of its own'] >= 0.95 &&
      one(cure) > one(symptom) + 0.049 &&
      wrong.every((it) => one(it) < one(cure)),
    write: percent,
  },
} as const satisfies Readonly<Record<CaseName, CaseCheck>>;

export const checkOf = (name: CaseName): CaseCheck => CHECKS[name];
