import { number } from '../../experiment/numbers.ts';
import { lastStep, type RunRecord } from '../../experiment/run-file/run-record.ts';
import type { CaseChart, CaseLook, CaseRun, CaseRuns, ChartMark, ClinicCase } from './case.ts';
import { type CurvePoints, curve, heldOut, UNKNOWN } from './curves.ts';
import { prose } from './prose.ts';

/** Samples, one a step: an epoch has as many steps. */
const EPOCH = 40;
const EPOCHS = 5;
const linkOf = (order: 'epochs' | 'random', rate: number, batch: number) =>
  `#v=1&target=regression&d=128&k=64&truerank=4&samples=${EPOCH}&labelnoise=0.2&condition=1&rank=64&alpha=64&opt=sgd&lr=${rate}&batch=${batch}&order=${order}&steps=${EPOCHS * EPOCH}`;
/** Held-out losses are read this often. */
const EVERY = 10;
const OBSERVED = Array.from({ length: (EPOCHS * EPOCH) / EVERY }, (_, i) => EVERY * i);

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: 'to the end', role: 'symptom', link: linkOf('epochs', 0.02, 1), observe: OBSERVED },
];

const tried = (key: string, label: string, link: string): CaseRun => ({
  key,
  label,
  role: 'wrong',
  link,
  observe: OBSERVED,
});
const RANDOM = tried('random', 'order at random', linkOf('random', 0.02, 1));
const RATE = tried('rate', 'half the rate', linkOf('epochs', 0.01, 1));
const BATCH = tried('batch', 'batches of 8', linkOf('epochs', 0.02, 8));

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

const marksWith = (stop: readonly [step: number, loss: number] | null): readonly ChartMark[] =>
  stop ? [...MARKS, { at: stop[0], label: 'stop here' }] : MARKS;

/** Steps whose mean loss is a point: an epoch has four. */
const PART = 10;

/** The mean losses of the parts of each epoch at their middles, broken where an epoch ends. */
function stairsOf({ trace: { series, length } }: RunRecord): CurvePoints {
  const points: [number, number][] = [];
  for (let from = 0; from + PART < length; from += PART) {
    if (from > 0 && from % EPOCH === 0) points.push([from, Number.NaN]);
    const part = series.loss.subarray(from, from + PART);
    points.push([from + PART / 2, part.reduce((sum, x) => sum + x, 0) / PART]);
  }
  return points;
}

/** The held-out loss, and its part up to the stop. */
function heldOutLines(
  run: RunRecord,
  stop: readonly [step: number, loss: number] | null,
  look: CaseLook,
): CaseChart['lines'] {
  const whole = { label: 'held out', look, points: heldOut(run) };
  if (!stop) return [whole];
  const points = heldOut(run).filter(([step]) => step <= stop[0]);
  return [whole, { label: `stopped: ${number(stop[1])}`, look: 'cure', points }];
}

function trainingChart(run: RunRecord | undefined, cured: boolean): CaseChart {
  const best = cured ? lowest(run) : null;
  return {
    title: best ? 'Training and held-out loss' : 'Training loss',
    about: best
      ? 'The held-out loss rises while the training loss goes down its stairs. The mark is where it is lowest.'
      : 'Of the sample of each step, and the mean of ten. Look at the marks: each drop stands at a new epoch.',
    x: { label: 'step', scale: 'linear', marks: marksWith(best) },
    y: { label: 'loss', scale: 'linear', low: 0 },
    lines: run
      ? [
          {
            label: 'each step',
            look: 'reference',
            points: curve(run.trace.series.loss.subarray(0, run.trace.length)),
          },
          { label: 'mean of ten', look: 'symptom', dots: true, points: stairsOf(run) },
          ...(best ? heldOutLines(run, best, 'reference') : []),
        ]
      : [],
  };
}

function heldOutChart(run: RunRecord | undefined, cured: boolean): CaseChart {
  const best = cured ? lowest(run) : null;
  const least = lowest(run);
  return {
    title: 'Held-out loss',
    about: 'Of samples that it never trains on; the axis does not begin at 0.',
    x: {
      ...{ label: 'step', scale: 'linear' },
      marks: marksWith(best),
    },
    y: { label: 'loss', scale: 'linear', ...(least && { low: 0.9 * least[1] }) },
    lines: run ? heldOutLines(run, best, 'symptom') : [],
  };
}

export const staircase: ClinicCase = {
  name: 'staircase',
  group: 'break',
  complaint: 'The loss is a staircase',
  cause: 'The second time the adapter sees a sample, it remembers it.',
  see: prose(
    'The loss of a step hardly falls within an epoch, then drops with the next: 4.42, 2.35 and 1.55 are the means of the first three.',
  ),
  look: prose('The marks of the epochs on the step axis: each drop stands at one.'),
  why: prose(
    'Within an epoch every sample is new; from the second on it has been seen. An adapter with room to remember 40 samples is better at the second sight, at once. The stairs are memory: the held-out loss is lowest at 4.36, and 5.31 at the end.',
  ),
  remedy: {
    control: 'Stop',
    off: 'at the end',
    on: 'at the lowest held-out loss',
    effect: 'Held-out loss 5.31 → 4.36. The held-out curve, not the training curve, says when.',
  },
  wrong: [
    {
      label: 'Samples in random order',
      effect: 'No stairs; held-out loss 5.25 at the end: it remembers as much.',
      runs: [RANDOM],
    },
    {
      label: 'Half the rate',
      effect: 'Lower stairs; held-out loss 4.52 at the end, 4.26 at its lowest.',
      runs: [RATE],
    },
    { label: 'Batches of 8', effect: 'Fewer steps an epoch; held-out loss 5.13 at the end.', runs: [BATCH] },
  ],
  peft: prose(
    '`num_train_epochs=1`; it is 3 unless you set it. `eval_strategy="steps"`, `save_strategy="steps"` and `load_best_model_at_end=True` keep the best step.',
  ),
  kohya: prose(
    'Fewer `num_repeats` and a smaller `--max_train_epochs`. `--validation_split 0.1` holds samples out, `--save_every_n_epochs 1` lets you choose.',
  ),
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
          : `The training loss averages ${means ? `${means[0]}, ${means[1]} and ${means[2]}` : UNKNOWN} over the first three epochs.`,
      charts: [trainingChart(run, cured), heldOutChart(run, cured)],
    };
  },
};
