import { builtBases } from '../../experiment/layer/built-bases.ts';
import { cached } from '../../experiment/layer/cached.ts';
import { toBfloat16 } from '../../experiment/layer/merging.ts';
import { percent } from '../../experiment/numbers.ts';
import { type RunRecord, scalingAt } from '../../experiment/run-file/run-record.ts';
import { roundToHalves } from '../../math/float16.ts';
import { multiply } from '../../math/matrix.ts';
import { throughNf4 } from '../../math/nf4.ts';
import { stream } from '../../math/random.ts';
import type { CaseChart, CaseLook, CaseRun, CaseRuns, ClinicCase } from './case.ts';
import { barOf, type CurvePoints, sharesChart, UNKNOWN } from './curves.ts';
import { prose } from './prose.ts';

const linkOf = (steps: number) =>
  `#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&opt=sgd&lr=0.00057&steps=${steps}&seed=3`;

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: '10 steps', role: 'symptom', link: linkOf(10), keepsFactors: true },
  { key: 'least', label: '1 step', role: 'reference', link: linkOf(1), keepsFactors: true },
  { key: 'larger', label: '100 steps', role: 'reference', link: linkOf(100), keepsFactors: true },
  { key: 'largest', label: '1,000 steps', role: 'reference', link: linkOf(1000), keepsFactors: true },
];

const toFloat16 = (values: Float32Array) => roundToHalves(values.slice());
/** Blocks of NF4 follow each other row by row, so the shape does not matter. */
const toNf4 = (data: Float32Array) => throughNf4({ rows: 1, cols: data.length, data }).data;
/** fl32(W + ΔW), formed in float64. */
const added = (W: Float32Array, update: ArrayLike<number>) => W.map((w, i) => w + update[i]);

/** Ways to keep W₀ + ΔW, W₀ being stored so before. */
const WAYS = {
  /** As PyTorch adds two bfloat16 tensors: ΔW is rounded, then the sum. */
  bfloat16: { stored: toBfloat16, merged: (W, update) => toBfloat16(added(W, toBfloat16(Float32Array.from(update)))) },
  /** The sum is formed exactly and rounded once. */
  once: { stored: toBfloat16, merged: (W, update) => toBfloat16(added(W, update)) },
  float16: { stored: toFloat16, merged: (W, update) => toFloat16(added(W, update)) },
  /** Back into 4 bits: Q + ΔW is quantised again. */
  nf4: { stored: toNf4, merged: (W, update) => toNf4(added(W, update)) },
  float32: { stored: (values) => values, merged: (W, update) => added(W, update) },
} as const satisfies Record<
  string,
  {
    readonly stored: (values: Float32Array) => Float32Array;
    readonly merged: (W: Float32Array, update: ArrayLike<number>) => Float32Array;
  }
>;
type MergeKind = keyof typeof WAYS;

/** What merging does to W₀ stored in a format. */
interface MergeLoss {
  /** The share of weights that stay as they were. */
  readonly unchanged: number;
  /** ‖W_merged − W₀ − ΔW‖/‖ΔW‖. */
  readonly lost: number;
  /** ‖ΔW‖/‖W₀‖. */
  readonly size: number;
}

/** W₀ of a run and its ΔW = s·B·A, in float64; null without its factors. */
const matricesOf = cached((run: RunRecord) => {
  const module = run.frames.at(-1)?.modules.at(0);
  if (!module) return null;
  const { d, k, rank, seed, base } = run.experiment;
  const W = builtBases[base]({ d, k, stream: stream(seed, 'W0'), progress: () => {} }).matrix.data;
  const s = scalingAt(run);
  const { data } = multiply({ rows: d, cols: rank, data: module.B }, { rows: rank, cols: k, data: module.A });
  return { W, update: data.map((x) => s * x) };
});

/** What merging a run in one way does; NaN without its factors. */
export function mergeIn(run: RunRecord, way: MergeKind): MergeLoss {
  const matrices = matricesOf(run);
  if (!matrices) return { unchanged: Number.NaN, lost: Number.NaN, size: Number.NaN };
  const { W, update } = matrices;
  const stored = WAYS[way].stored(W);
  const sum = WAYS[way].merged(stored, update);
  let [unchanged, gone, whole, weight] = [0, 0, 0, 0];
  for (let i = 0; i < sum.length; i++) {
    if (sum[i] === stored[i]) unchanged++;
    gone += (sum[i] - stored[i] - update[i]) ** 2;
    whole += update[i] ** 2;
    weight += stored[i] ** 2;
  }
  return { unchanged: unchanged / sum.length, lost: Math.sqrt(gone / whole), size: Math.sqrt(whole / weight) };
}

/** Those that charts show, once for each run. */
const mergesOf = cached((run: RunRecord) => ({
  bfloat16: mergeIn(run, 'bfloat16'),
  float16: mergeIn(run, 'float16'),
  float32: mergeIn(run, 'float32'),
}));

const LOOKS = { bfloat16: 'symptom', float16: 'reference', float32: 'cure' } as const satisfies Record<
  keyof ReturnType<typeof mergesOf>,
  CaseLook
>;
const shownWith = (cured: boolean) => (cured ? (['bfloat16', 'float16', 'float32'] as const) : (['bfloat16'] as const));

/** Share of ΔW that merging loses against its size, a dot a run. */
function lostChart(runs: CaseRuns, cured: boolean): CaseChart {
  const known = RUNS.flatMap(({ key }) => {
    const run = runs.get(key);
    return run ? [mergesOf(run)] : [];
  });
  return {
    title: 'ΔW lost by merging',
    about: '‖W − W₀ − ΔW‖/‖ΔW‖ after 1, 10, 100 and 1,000 steps. The smaller the update, the more is lost.',
    x: { label: '‖ΔW‖/‖W₀‖', scale: 'log' },
    y: { label: 'share', scale: 'linear', low: 0, high: 1 },
    lines: shownWith(cured).map((format) => ({
      ...{ label: format, look: LOOKS[format], dots: true },
      points: known
        .map((of): CurvePoints[number] => [of[format].size, of[format].lost])
        .sort(([one], [other]) => one - other),
    })),
  };
}

function unchangedChart(run: RunRecord | undefined, cured: boolean): CaseChart {
  const bars = run
    ? shownWith(cured).map((format) => {
        const { unchanged } = mergesOf(run)[format];
        return barOf(format, LOOKS[format], unchanged, percent(unchanged));
      })
    : [];
  return sharesChart('Weights that stay as they were', 'Their share after 10 steps.', bars);
}

export const merged: ClinicCase = {
  name: 'merged',
  group: 'after',
  complaint: 'Merged, it forgot everything',
  cause: 'bfloat16 rounds a small change of a weight to no change.',
  see: prose(
    'After 10 steps of training, merging into bfloat16 leaves 78% of the weights exactly as they were, and 79% of ΔW is lost.',
  ),
  look: prose(
    'The size of the update against that of the weights, ‖ΔW‖/‖W₀‖: the smaller it is, the more is lost. After 10 steps it is 0.1%; after 100 steps it is 0.9%, and 17% is lost; after 1,000 it is 8%, and 2% is lost.',
  ),
  why: prose(
    'bfloat16 keeps 8 significant bits, so a change below 0.2 to 0.4% of a weight is rounded away. float16 keeps 11, and 21% is lost. A 4-bit base (NF4, as in QLoRA) is far coarser: merged back into it, 85% of ΔW is lost even after 1,000 steps. Nor is the unquantised base the one that a QLoRA adapter was trained on: NF4 is 9% off it. Beside the frozen weights, unmerged, nothing is lost. In the lab, Merge under More shows this for any run.',
  ),
  remedy: { control: 'Merged weights in', off: 'bfloat16', on: 'float32', effect: '79% of ΔW lost → less than 0.01%.' },
  wrong: [
    {
      label: 'Add in float32, save in bfloat16',
      effect: '79% is lost: the last rounding takes it.',
    },
  ],
  peft: prose(
    'Load the base without quantisation and with `dtype=torch.float32` (`torch_dtype` in older versions), `merge_and_unload()`, and save it as it is. `safe_merge=True` only looks for NaN. Or do not merge.',
  ),
  kohya: prose('`merge_lora.py --precision float --save_precision float`; the default of `--precision` is float.'),
  otherwise: {
    text: prose('If the adapter does not work before it is merged either, merging is not the cause.'),
    cases: ['nothing', 'together'],
  },
  words: [
    'merge',
    'merge_and_unload',
    'catastrophic forgetting',
    'forgot',
    'bf16',
    'bfloat16',
    'fuse',
    'quantised',
    '4-bit',
    'qlora',
    'nf4',
    'bitsandbytes',
  ],
  runs: RUNS,
  evidence(runs, cured) {
    const run = runs.get('symptom');
    const { bfloat16, float32 } = (run && mergesOf(run)) ?? {};
    const said = (value: number | undefined) =>
      value === undefined ? UNKNOWN : value > 0 && value < 1e-4 ? 'less than 0.01%' : percent(value);
    return {
      headline: cured
        ? `After 10 steps, merging into float32 loses ${said(float32?.lost)} of ΔW, in place of ${said(bfloat16?.lost)}. Nothing but the format was changed.`
        : `After 10 steps, merging into bfloat16 leaves ${said(bfloat16?.unchanged)} of the weights unchanged, and ${said(bfloat16?.lost)} of ΔW is lost.`,
      charts: [lostChart(runs, cured), unchangedChart(run, cured)],
    };
  },
};
