import { builtBases } from '../../experiment/layer/built-bases.ts';
import { toBfloat16 } from '../../experiment/layer/merging.ts';
import { percent } from '../../experiment/numbers.ts';
import { type RunRecord, scalingAt } from '../../experiment/run-file/run-record.ts';
import { multiply } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import type { CaseChart, CaseRun, CaseRuns, ClinicCase } from './case.ts';
import { barOf, sharesChart, UNKNOWN } from './curves.ts';
import { prose } from './prose.ts';

const linkOf = (steps: number) =>
  `#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&opt=sgd&lr=0.00057&steps=${steps}&seed=3`;

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: '10 steps', role: 'symptom', link: linkOf(10), keepsFactors: true },
  { key: 'larger', label: '100 steps', role: 'reference', link: linkOf(100), keepsFactors: true },
  { key: 'largest', label: '1,000 steps', role: 'reference', link: linkOf(1000), keepsFactors: true },
];

const FORMATS = {
  bfloat16: toBfloat16,
  float32: (values: Float32Array) => values,
} as const satisfies Record<string, (values: Float32Array) => Float32Array>;
type MergeFormat = keyof typeof FORMATS;

/** What merging does to W₀ stored in a format. */
interface MergeLoss {
  /** The share of weights that stay as they were. */
  readonly unchanged: number;
  /** ‖W_merged − W₀ − ΔW‖/‖ΔW‖. */
  readonly lost: number;
  /** ‖ΔW‖/‖W₀‖. */
  readonly size: number;
}

/** W₀ + s·B·A, formed in float64 and rounded once to float32 and then to the format, as PyTorch does. */
function mergeIn(format: MergeFormat, run: RunRecord | undefined): MergeLoss | null {
  const frame = run?.frames.at(-1);
  if (!run || !frame) return null;
  const { d, k, rank, seed, base } = run.experiment;
  const W = builtBases[base]({ d, k, stream: stream(seed, 'W0'), progress: () => {} }).matrix.data;
  const [{ A, B }] = frame.modules;
  const s = scalingAt(run);
  const update = multiply({ rows: d, cols: rank, data: B }, { rows: rank, cols: k, data: A }).data.map((x) => s * x);
  const round = FORMATS[format];
  const stored = round(W);
  const merged = round(Float32Array.from(stored, (w, i) => w + update[i]));
  let [unchanged, gone, whole, weight] = [0, 0, 0, 0];
  for (let i = 0; i < merged.length; i++) {
    if (merged[i] === stored[i]) unchanged++;
    gone += (merged[i] - stored[i] - update[i]) ** 2;
    whole += update[i] ** 2;
    weight += stored[i] ** 2;
  }
  return { unchanged: unchanged / merged.length, lost: Math.sqrt(gone / whole), size: Math.sqrt(whole / weight) };
}

function chartOf(title: string, about: string, of: 'lost' | 'unchanged', runs: CaseRuns, cured: boolean): CaseChart {
  const bars = RUNS.flatMap(({ key, label }) => {
    const formats: readonly MergeFormat[] = cured ? ['bfloat16', 'float32'] : ['bfloat16'];
    return formats.flatMap((format) => {
      const found = mergeIn(format, runs.get(key));
      const look = format === 'bfloat16' ? 'symptom' : 'cure';
      return found ? [barOf(`${label}, ${format}`, look, found[of], percent(found[of]))] : [];
    });
  });
  return sharesChart(title, about, bars);
}

export const merged: ClinicCase = {
  name: 'merged',
  group: 'after',
  complaint: 'Merged, it forgot everything',
  cause: 'bfloat16 rounds a small change of a weight to no change.',
  see: prose(
    'The adapter works; merged into bfloat16 weights, most of them have not changed at all, and most of ΔW is lost.',
  ),
  look: prose('‖ΔW‖/‖W₀‖: the smaller the update, the more of it is lost.'),
  why: prose(
    'bfloat16 keeps 8 significant bits, so a change below 0.2 to 0.4% of a weight is rounded away. Merging into 4-bit weights loses far more.',
  ),
  remedy: {
    control: 'Merged weights in',
    off: 'bfloat16',
    on: 'float32',
    effect: 'Nothing of ΔW is lost that matters.',
  },
  wrong: [],
  peft: prose(
    'Load the base without quantisation, `torch_dtype=torch.float32`, then `merge_and_unload(safe_merge=True)`. Or do not merge.',
  ),
  kohya: prose('`merge_lora.py --precision float --save_precision fp16`.'),
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
  ],
  runs: RUNS,
  evidence(runs, cured) {
    const run = runs.get('symptom');
    const [bfloat16, float32] = [mergeIn('bfloat16', run), mergeIn('float32', run)];
    const said = (value: number | undefined) => (value === undefined ? UNKNOWN : percent(value));
    return {
      headline: cured
        ? `Kept in float32: ${said(float32?.lost)} of ΔW is lost in place of ${said(bfloat16?.lost)}. Nothing but the format was changed.`
        : `Merged in bfloat16, ${said(bfloat16?.unchanged)} of the weights have not changed, and ${said(bfloat16?.lost)} of ΔW is lost.`,
      charts: [
        chartOf('ΔW lost by merging', '‖W − W₀ − ΔW‖/‖ΔW‖ after 10, 100 and 1,000 steps.', 'lost', runs, cured),
        chartOf(
          'Weights that stay as they were',
          'Their share after 10, 100 and 1,000 steps.',
          'unchanged',
          runs,
          cured,
        ),
      ],
    };
  },
};
