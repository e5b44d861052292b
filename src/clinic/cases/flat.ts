import { number } from '../../experiment/numbers.ts';
import type { CaseRun, ClinicCase } from './case.ts';
import { errorChart, errorText, gradientChart, UNKNOWN } from './curves.ts';
import { prose } from './prose.ts';

const LINK = '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&steps=300&seed=3';
const SGD = `${LINK}&opt=sgd&lr=0.02`;

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: 'SGD', role: 'symptom', link: SGD },
  { key: 'cure', label: 'Adam', role: 'cure', link: `${LINK}&opt=adam&lr=0.02` },
];

const SEED: CaseRun = { key: 'seed', label: 'another seed', role: 'wrong', link: SGD.replace('seed=3', 'seed=4') };
const RANK: CaseRun = {
  key: 'rank',
  label: 'rank 4',
  role: 'wrong',
  link: SGD.replace('rank=8&alpha=16', 'rank=4&alpha=8'),
};

const WARM: CaseRun = { key: 'warm', label: 'warm-up of 100 steps', role: 'wrong', link: `${SGD}&warmup=100` };

/** The step at which both are compared: before SGD has bent down. */
const EARLY = 20;

export const flat: ClinicCase = {
  name: 'flat',
  group: 'start',
  complaint: 'The loss is flat at first',
  cause: 'LoRA starts with B = 0, so A has no gradient yet. The loss bends down by itself.',
  see: prose(
    'With SGD the error is 1, 0.969, 0.922, 0.825 and 0.681 at steps 0, 20, 40, 60 and 80. Then it bends down.',
  ),
  look: prose('The gradient of A, ‖∂L/∂A‖: exactly 0 at step 0, then it grows with B.'),
  why: prose(
    'With B = 0, A gets no gradient. Each direction starts at a slope set by the size of A and speeds up as B grows: an S-curve. Nothing is broken: after 300 steps the error is 0.258. Adam divides by the size of the gradient, so it does not wait.',
  ),
  remedy: {
    control: 'Optimiser',
    off: 'SGD',
    on: 'Adam',
    effect: 'Error after 20 steps 0.969 → 0.259, at the same rate.',
  },
  wrong: [
    { label: 'Another seed', effect: 'Error 0.969 after 20 steps: as flat.', runs: [SEED] },
    { label: 'A smaller rank: 4', effect: 'Error 0.981 after 20 steps: flatter.', runs: [RANK] },
    { label: 'Warm-up of 100 steps', effect: 'Error 0.996 after 20 steps: flatter still.', runs: [WARM] },
  ],
  peft: prose(
    'Check that warm-up is not the flat part: `warmup_steps=0`. `optim` is AdamW unless you set it. `init_lora_weights="pissa"` starts away from B = 0.',
  ),
  kohya: prose('`--lr_warmup_steps` is 0 unless you set it. `--optimizer_type AdamW` in place of SGD.'),
  otherwise: {
    text: prose('If it is as flat after a thousand steps, the rate is too small, or A and B are both 0.'),
    cases: ['nothing', 'zeros', 'rank64'],
  },
  words: ['plateau', 'warm-up', 'warmup', 'slow start', 'loss stuck', 'sgd', 'not decreasing'],
  runs: RUNS,
  evidence(runs, cured) {
    const shown = { list: RUNS, runs, cured };
    const early = (key: string) => {
      const error = runs.get(key)?.trace.series.relativeError?.[EARLY];
      return error === undefined || Number.isNaN(error) ? UNKNOWN : number(error);
    };
    return {
      headline: cured
        ? `After ${EARLY} steps: error ${early('cure')} with Adam in place of ${early('symptom')} with SGD. Nothing but the optimiser was changed.`
        : `The error is still ${early('symptom')} after ${EARLY} steps of SGD; after 300 it is ${errorText(runs.get('symptom'))}.`,
      charts: [
        errorChart(shown, 'Look at the first 60 steps.', runs.get('symptom')),
        gradientChart('A', shown, 'Exactly 0 at step 0.'),
        gradientChart('B', shown, 'There from step 0.'),
      ],
    };
  },
};
