import { errorAtEnd } from '../../experiment/run-file/run-record.ts';
import type { CaseChart, CaseRun, CaseRuns, ClinicCase } from './case.ts';
import { type CurvePoints, errorChart, errorText, firstGradient, gradientChart } from './curves.ts';
import { prose } from './prose.ts';

const linkAt = (rank: number, scaling: 'standard' | 'rslora') =>
  `#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=${rank}&alpha=16&scaling=${scaling}&opt=sgd&lr=0.02&steps=300&seed=3`;

const RANKS = [1, 2, 4, 8, 16, 32, 64];

const [SYMPTOM, CURE, AT8]: readonly CaseRun[] = [
  { key: 'symptom', label: 'r = 64, α/r', role: 'symptom', link: linkAt(64, 'standard') },
  { key: 'cure', label: 'r = 64, α/√r', role: 'cure', link: linkAt(64, 'rslora') },
  { key: 'standard-8', label: 'r = 8, α/r', role: 'reference', link: linkAt(8, 'standard') },
];
const LONGER: CaseRun = {
  key: 'longer',
  label: 'r = 64, 1,200 steps',
  role: 'wrong',
  link: linkAt(64, 'standard').replace('steps=300', 'steps=1200'),
};

const others = (scaling: 'standard' | 'rslora', name: string) =>
  RANKS.slice(0, -1)
    .map(
      (rank): CaseRun => ({
        key: `${scaling}-${rank}`,
        label: `r = ${rank}, ${name}`,
        role: 'reference',
        link: linkAt(rank, scaling),
      }),
    )
    .filter(({ key }) => key !== AT8.key);

/** The error at the end of each rank that is known. */
function byRank(runs: CaseRuns, scaling: 'standard' | 'rslora', end: string): CurvePoints {
  return RANKS.flatMap((rank) => {
    const run = runs.get(rank === 64 ? end : `${scaling}-${rank}`);
    const error = run && errorAtEnd(run);
    return typeof error === 'number' ? [[rank, error] as const] : [];
  });
}

function rankChart(runs: CaseRuns, cured: boolean): CaseChart {
  const floors: CurvePoints = RANKS.flatMap((rank) => {
    const floor = runs.get(rank === 64 ? 'symptom' : `standard-${rank}`)?.reach?.floor;
    return floor ? [[rank, floor] as const] : [];
  });
  return {
    title: 'Error against rank',
    about: 'After 300 steps, log scale; each dot a run.',
    x: { label: 'rank', scale: 'log' },
    y: { label: 'error', scale: 'log' },
    lines: [
      { label: 'α/r', look: 'symptom', dots: true, points: byRank(runs, 'standard', 'symptom') },
      ...(cured ? [{ label: 'α/√r', look: 'cure' as const, dots: true, points: byRank(runs, 'rslora', 'cure') }] : []),
      { label: 'floor', look: 'floor', points: floors },
    ],
  };
}

export const rank64: ClinicCase = {
  name: 'rank64',
  group: 'worse',
  complaint: 'Rank 64 is worse than rank 8',
  cause: 'α stayed, r grew: s = α/r shrank, and every gradient with it.',
  see: prose('Same rate, same steps: error 0.258 at rank 8, 0.716 at rank 64, although rank 64 could reach 0.'),
  look: prose('‖∂L/∂B‖ at step 0: 0.409 at rank 8, 0.227 at rank 64. And the scale s = α/r: 2 against 0.25.'),
  why: prose(
    'α stayed at 16 while r grew, so s = α/r shrank eightfold, and with it every gradient. Rank 64 is not worse, it is slower. With Adam, which ignores the size of gradients, the effect is gone here.',
  ),
  remedy: {
    control: 's',
    off: 'α/r',
    on: 'α/√r',
    effect: 'Error 0.716 → 0.0613; every larger rank is now better.',
  },
  wrong: [
    {
      label: 'More steps: 1,200',
      effect: 'Error 0.183: four times as long, and still behind the cure.',
      runs: [LONGER],
    },
  ],
  peft: prose(
    '`use_rslora=True`, or `lora_alpha=2*r`, not both: at rank 64 either makes s = 2, as α = 16 does at rank 8. With AdamW, the Trainer’s default, compare the training losses first: here it has no such effect.',
  ),
  kohya: prose('`--network_alpha 128` at `--network_dim 64` keeps s = 2.'),
  otherwise: {
    text: prose('If the training loss is lower at rank 64 and only the held-out loss is higher, it overfits.'),
    cases: ['overfit', 'nothing', 'flat'],
  },
  words: ['rank', 'higher rank', 'larger rank', 'worse', 'rslora', 'alpha', 'scaling'],
  runs: [SYMPTOM, CURE, AT8, ...others('standard', 'α/r'), ...others('rslora', 'α/√r')],
  evidence(runs, cured) {
    const shown = { list: [SYMPTOM, AT8, CURE], runs, cured };
    return {
      headline: cured
        ? `Rank 64, cured: ${errorText(runs.get('cure'))} in place of ${errorText(runs.get('symptom'))}. Nothing but the rule for s was changed.`
        : `The error is ${errorText(runs.get('symptom'))} at rank 64 and ${errorText(runs.get('standard-8'))} at rank 8, at the same learning rate after the same 300 steps.`,
      charts: [
        errorChart(shown, 'Rank 64 is slower, not stuck.'),
        rankChart(runs, cured),
        gradientChart(
          'B',
          shown,
          `Step 0, α/r: ${firstGradient(runs.get(SYMPTOM.key), 'gradNormB')} at rank 64, ${firstGradient(runs.get(AT8.key), 'gradNormB')} at rank 8.`,
        ),
      ],
    };
  },
};
