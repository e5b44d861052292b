import { number } from '../../experiment/numbers.ts';
import { errorAtEnd } from '../../experiment/run-file/run-record.ts';
import type { CaseChart, CaseLook, CaseRun, CaseRuns, ClinicCase } from './case.ts';
import { barOf, type CurvePoints, errorChart, errorText } from './curves.ts';
import { prose } from './prose.ts';

const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
type Contender = 'oft' | 'lora';
const NAMES = { oft: 'OFT', lora: 'LoRA' } as const satisfies Record<Contender, string>;
/** The rate at which both are compared first. */
const YOURS = 1;

const linkOf = (method: Contender, rate: number) =>
  `#v=1&target=turned-base&d=64&k=64&turns=2&steps=300&lr=${rate}&${method === 'oft' ? 'method=oft&block=32' : 'method=lora&rank=8&alpha=16'}`;

const keyOf = (method: Contender, rate: number) =>
  rate === YOURS ? (method === 'oft' ? 'symptom' : 'lora') : `${method}-${rate}`;

const runOf = (method: Contender, rate: number): CaseRun => ({
  key: keyOf(method, rate),
  label: `${NAMES[method]} at ${rate}`,
  role: keyOf(method, rate) === 'symptom' ? 'symptom' : 'reference',
  link: linkOf(method, rate),
});

const RUNS: readonly CaseRun[] = [
  runOf('oft', YOURS),
  runOf('lora', YOURS),
  ...(['oft', 'lora'] as const).flatMap((method) =>
    RATES.filter((rate) => rate !== YOURS).map((rate) => runOf(method, rate)),
  ),
];

const LONGER: CaseRun = {
  key: 'longer',
  label: 'OFT at 1, 1,200 steps',
  role: 'wrong',
  link: linkOf('oft', YOURS).replace('steps=300', 'steps=1200'),
};
const SEED: CaseRun = {
  key: 'seed',
  label: 'OFT at 1, another seed',
  role: 'wrong',
  link: `${linkOf('oft', YOURS)}&seed=2`,
};

function byRate(runs: CaseRuns, method: Contender): CurvePoints {
  return RATES.flatMap((rate) => {
    const run = runs.get(keyOf(method, rate));
    const error = run && errorAtEnd(run);
    return typeof error === 'number' ? [[rate, run?.status === 'diverged' ? Number.NaN : error] as const] : [];
  });
}

/** [rate, error] of the best of those that are known. */
function best(points: CurvePoints): readonly [number, number] | null {
  const known = points.filter(([, error]) => !Number.isNaN(error));
  return known.length === 0 ? null : known.reduce((least, one) => (one[1] < least[1] ? one : least));
}

function rateChart(runs: CaseRuns, cured: boolean): CaseChart {
  const found = cured ? best(byRate(runs, 'oft')) : null;
  return {
    title: 'Error against rate',
    about: 'After 300 steps, log scales; each dot a run. The mark is your rate.',
    x: { label: 'rate', scale: 'log', marks: [{ at: YOURS, label: 'your rate' }] },
    y: { label: 'error', scale: 'log' },
    lines: [
      { label: 'OFT', look: 'symptom', dots: true, points: byRate(runs, 'oft') },
      { label: 'LoRA', look: 'reference', dots: true, points: byRate(runs, 'lora') },
      ...(found
        ? [{ label: `its best: ${number(found[1])}`, look: 'cure' as const, dots: true, points: [found] }]
        : []),
    ],
  };
}

function bestChart(runs: CaseRuns, cured: boolean): CaseChart {
  const at = (method: Contender) => {
    const found = cured ? best(byRate(runs, method)) : (byRate(runs, method).find(([rate]) => rate === YOURS) ?? null);
    const look: CaseLook = method === 'lora' ? 'reference' : cured ? 'cure' : 'symptom';
    return found ? [barOf(`${NAMES[method]} at ${found[0]}`, look, found[1], number(found[1]))] : [];
  };
  return {
    title: cured ? 'Each at its best rate' : 'Both at your rate',
    about: 'Error after 300 steps.',
    x: { label: '', scale: 'linear' },
    y: { label: 'error', scale: 'linear', low: 0 },
    lines: [],
    bars: [...at('oft'), ...at('lora')],
  };
}

/** Both at rate 1; cured: OFT there too, and each at the best rate that is known. */
function trainingChart(runs: CaseRuns, cured: boolean): CaseChart {
  const bestRun = (method: Contender, role: CaseRun['role']) => {
    const found = best(byRate(runs, method));
    return found ? [{ ...runOf(method, found[0]), role }] : [];
  };
  const [atYours, loraAtYours] = RUNS;
  const list = cured ? [atYours, ...bestRun('lora', 'reference'), ...bestRun('oft', 'cure')] : [atYours, loraAtYours];
  const about = cured ? 'Each at its best rate, and OFT at rate 1.' : 'Both at rate 1.';
  return errorChart({ list, runs, cured }, about);
}

export const variant: ClinicCase = {
  name: 'variant',
  group: 'worse',
  complaint: 'The new variant is worse than LoRA',
  cause: 'Each method has its own best learning rate. At one rate for all, you compare rates.',
  see: prose('OFT at rate 1: error 1.01. LoRA at the same rate: 0.726.'),
  look: prose('The lines against the rate: at your rate, and each at its best.'),
  why: prose(
    'Methods have different best rates. At its own (0.1) OFT ends below 0.05 on this rotation, where no rate brings LoRA below 0.726. A comparison at one rate compares rates.',
  ),
  remedy: {
    control: 'Rate',
    off: '1 for both',
    on: 'each at its best',
    effect: 'Error 1.01 against 0.726 → below 0.05 against 0.726.',
  },
  wrong: [
    { label: 'More steps: 1,200', effect: 'Error 1.02.', runs: [LONGER] },
    { label: 'Another seed', effect: 'Error 0.960: another run, the same rate.', runs: [SEED] },
  ],
  peft: prose('Try at least four rates, ×3 apart, for each method, and two seeds, before you decide.'),
  kohya: prose('LoHa, LoKr: their scale is `alpha`/`dim` too, with another meaning; sweep the rate again.'),
  otherwise: {
    text: prose('If it is worse at its best rate as well, the method cannot express the change that is needed.'),
    cases: ['rank64', 'nan'],
  },
  words: [
    'dora',
    'oft',
    'pissa',
    'loha',
    'lokr',
    'variant',
    'comparison',
    'benchmark',
    'learning rate',
    'worse than lora',
  ],
  runs: RUNS,
  evidence(runs, cured) {
    const [oft, lora] = [best(byRate(runs, 'oft')), best(byRate(runs, 'lora'))];
    return {
      headline:
        cured && oft && lora
          ? `Each at its best: OFT ${number(oft[1])} at rate ${oft[0]}, LoRA ${number(lora[1])}. At rate 1: ${errorText(runs.get('symptom'))} and ${errorText(runs.get('lora'))}.`
          : `The error is ${errorText(runs.get('symptom'))} with OFT and ${errorText(runs.get('lora'))} with LoRA, both at rate 1.`,
      charts: [rateChart(runs, cured), bestChart(runs, cured), trainingChart(runs, cured)],
    };
  },
};
