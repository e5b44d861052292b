import { number } from '../../experiment/numbers.ts';
import { lastStep, type RunRecord } from '../../experiment/run-file/run-record.ts';
import type { CaseChart, CaseRun, CaseRuns, ChartMark, ClinicCase } from './case.ts';
import { type CurvePoints, curve, UNKNOWN } from './curves.ts';
import { prose } from './prose.ts';

/** Samples, one a step: an epoch has as many steps. */
const EPOCH = 40;
const EPOCHS = 5;
const LINK = `#v=1&target=regression&d=128&k=256&truerank=8&samples=${EPOCH}&labelnoise=0.3&condition=1&rank=64&alpha=64&opt=sgd&lr=0.1&batch=1&steps=${EPOCHS * EPOCH}`;
/** Held-out losses are read this often. */
const EVERY = 10;
const OBSERVED = Array.from({ length: (EPOCHS * EPOCH) / EVERY }, (_, i) => EVERY * i);

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: 'to the end', role: 'symptom', link: LINK, observe: OBSERVED },
];

const heldOut = ({ losses: { steps, heldOut: values } }: RunRecord): CurvePoints =>
  steps.map((step, i) => [step, values[i]] as const);

/** Where the held-out loss is lowest: [step, loss]; null before it was read. */
function lowest(run: RunRecord | undefined): readonly [number, number] | null {
  const points = run ? heldOut(run) : [];
  return points.length === 0 ? null : points.reduce((best, one) => (one[1] < best[1] ? one : best));
}

/** The mean loss of the steps of an epoch, from 0. */
function meanOf({ trace: { series, length } }: RunRecord, epoch: number): number {
  const part = series.loss.subarray(epoch * EPOCH, Math.min(length, (epoch + 1) * EPOCH));
  return part.reduce((sum, x) => sum + x, 0) / part.length;
}

const MARKS: readonly ChartMark[] = Array.from({ length: EPOCHS - 1 }, (_, i) => ({
  at: (i + 1) * EPOCH,
  label: `epoch ${i + 2}`,
}));

function trainingChart(run: RunRecord | undefined): CaseChart {
  return {
    title: 'Training loss',
    about: 'Of the sample of each step. Look at the marks: each drop stands at a new epoch.',
    x: { label: 'step', scale: 'linear', marks: MARKS },
    y: { label: 'loss', scale: 'linear', low: 0 },
    lines: run
      ? [{ label: 'each step', look: 'symptom', points: curve(run.trace.series.loss.subarray(0, run.trace.length)) }]
      : [],
  };
}

function heldOutChart(run: RunRecord | undefined, cured: boolean): CaseChart {
  const best = cured ? lowest(run) : null;
  return {
    title: 'Held-out loss',
    about: 'Of samples that it never trains on.',
    x: {
      ...{ label: 'step', scale: 'linear' },
      marks: best ? [...MARKS, { at: best[0], label: 'stop here' }] : MARKS,
    },
    y: { label: 'loss', scale: 'linear', low: 0 },
    lines: run
      ? [
          { label: 'held out', look: 'symptom', points: heldOut(run) },
          ...(best
            ? [
                {
                  label: `stopped: ${number(best[1])}`,
                  look: 'cure' as const,
                  points: heldOut(run).filter(([step]) => step <= best[0]),
                },
              ]
            : []),
        ]
      : [],
  };
}

export const staircase: ClinicCase = {
  name: 'staircase',
  group: 'break',
  complaint: 'The loss is a staircase',
  cause: 'The second time it sees a sample, it remembers it.',
  see: prose('Flat, then a drop at each epoch.'),
  look: prose('The marks of the epochs on the step axis: each drop stands at one.'),
  why: prose(
    'Within an epoch every sample is new; from the second on it has been seen. An adapter with room to remember 40 samples is better at the second sight, at once. The stairs are memory, and memory is not what you want.',
  ),
  remedy: {
    control: 'Stop',
    off: 'at the end',
    on: 'at the lowest held-out loss',
    effect: 'The held-out curve, not the training curve, says when.',
  },
  wrong: [],
  peft: prose('`num_train_epochs=1` to `2`, `eval_strategy="steps"`, `load_best_model_at_end=True`.'),
  kohya: prose('Fewer repeats and `--max_train_epochs`; keep a few pictures out and look at those.'),
  otherwise: {
    text: prose('If the jumps do not stand at the ends of epochs, look at the rate first.'),
    cases: ['overfit', 'nan'],
  },
  words: ['steps', 'jumps', 'epoch', 'drops', 'memorises', 'repeats', 'early stopping'],
  runs: RUNS,
  evidence(runs: CaseRuns, cured: boolean) {
    const run = runs.get('symptom');
    const means = run && lastStep(run) >= EPOCH ? [0, 1, 2].map((epoch) => number(meanOf(run, epoch))) : null;
    const best = lowest(run);
    const end = run?.losses.heldOut.at(-1);
    return {
      headline:
        cured && best && end !== undefined
          ? `Stopped at step ${best[0]}: held-out loss ${number(best[1])} in place of ${number(end)} at the end. Nothing but the last step was changed.`
          : `The training loss of the first three epochs is ${means ? means.join(', ') : UNKNOWN} on average.`,
      charts: [trainingChart(run), heldOutChart(run, cured)],
    };
  },
};
