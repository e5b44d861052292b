import type { CaseRun, ClinicCase } from './case.ts';
import { errorChart, errorText, float16Chart, gradientChart } from './curves.ts';
import { prose } from './prose.ts';

const LINK = '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&opt=adam&steps=300&seed=3';

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: 'rate 10⁻⁵', role: 'symptom', link: `${LINK}&lr=0.00001` },
  { key: 'cure', label: 'rate 0.015', role: 'cure', link: LINK },
  { key: 'usual', label: 'rate 2·10⁻⁴', role: 'reference', link: `${LINK}&lr=0.0002` },
];

/** A second way: gradients below 2⁻²⁵ are 0 in float16. */
const TINY = LINK.replace('alpha=16&opt=adam', 'alpha=0.001&size=0.001&opt=sgd&precision=float16');
const HALF: readonly CaseRun[] = [
  { key: 'lost', label: 'float16', role: 'reference', link: TINY },
  { key: 'kept', label: 'loss scale 65,536', role: 'reference', link: `${TINY}&lossscale=65536` },
];

const LONGER: CaseRun = {
  key: 'longer',
  label: 'four times the steps',
  role: 'wrong',
  link: `${LINK.replace('steps=300', 'steps=1200')}&lr=0.00001`,
};
const RANK: CaseRun = {
  key: 'rank',
  label: 'rank 64',
  role: 'wrong',
  link: `${LINK.replace('rank=8&alpha=16', 'rank=64&alpha=128')}&lr=0.00001`,
};
const ALPHA: CaseRun = {
  key: 'alpha',
  label: 'α = 64',
  role: 'wrong',
  link: `${LINK.replace('alpha=16', 'alpha=64')}&lr=0.00001`,
};

export const nothing: ClinicCase = {
  name: 'nothing',
  group: 'start',
  complaint: 'My LoRA does nothing',
  cause: 'The learning rate is far too small for an adapter that starts at 0.',
  see: prose('After 300 steps the error is still 0.993: ΔW, the change that the adapter makes, is almost 0.'),
  look: prose('The error, which stays near 1, and the gradient of B. The gradient is there; the steps are too short.'),
  why: prose(
    'B starts at 0, and Adam moves each number by about the learning rate per step: by about 0.003 after 300 steps at 10⁻⁵. That rate suits full fine-tuning of a large model, not an adapter. At 2·10⁻⁴ the error is 0.515 here. In float16 there is a second way: gradients below 3·10⁻⁸ count as 0. With SGD, α = 0.001 and a small A the error stays 1.00; a loss scale of 65,536 keeps them, and the error is 0.0928.',
  ),
  remedy: {
    control: 'Rate',
    off: '10⁻⁵',
    on: 'automatic',
    effect: 'The automatic rate is 0.015 here. Error 0.993 → 0.0734, the floor.',
  },
  wrong: [
    { label: 'More steps: 1,200', effect: 'Error 0.945 after four times as long.', runs: [LONGER] },
    { label: 'A larger rank: 64', effect: 'Error 0.919. More entries, each as slow.', runs: [RANK] },
    { label: 'A larger α: 64', effect: 'Error 0.976: s has grown fourfold, the steps of B have not.', runs: [ALPHA] },
  ],
  peft: prose(
    '`learning_rate` is 5e-5 unless you set it; 2e-4 is a usual start for LoRA. `model.print_trainable_parameters()` must not say 0, and after some steps no `lora_B` may be all zeros.',
  ),
  kohya: prose(
    '`--learning_rate` is 2e-6 unless you set it, and `--network_alpha` is 1: at `--network_dim 32` that is s = 1/32. Set a rate of about 1e-4 and α to the dim or half of it.',
  ),
  otherwise: {
    text: prose(
      'If the rate is right, α may be missing from the file, its names may not match those of the model, or A and B are both 0. If the loss falls by itself after some steps, it only started flat.',
    ),
    cases: ['zeros', 'flat', 'rank64'],
  },
  words: [
    'no effect',
    'not learning',
    'does not learn',
    'loss does not decrease',
    'constant loss',
    'learning rate',
    'too low',
    'alpha',
  ],
  runs: [...RUNS, ...HALF],
  evidence(runs, cured) {
    const shown = { list: RUNS, runs, cured };
    const symptom = errorText(runs.get('symptom'));
    return {
      headline: cured
        ? `At the automatic rate: error ${errorText(runs.get('cure'))} in place of ${symptom}. Nothing but the rate was changed.`
        : `The error is still ${symptom} after 300 steps at a learning rate of 10⁻⁵.`,
      charts: [
        errorChart(
          shown,
          cured ? 'At the automatic rate it falls to the floor.' : 'Look at the end: it has hardly moved.',
          runs.get('symptom'),
        ),
        gradientChart('B', shown, 'It is there from step 0.'),
        float16Chart({ ...shown, list: HALF }, 'SGD, α = 0.001, a small A'),
      ],
    };
  },
};
