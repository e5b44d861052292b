import type { CaseRun, ClinicCase } from './case.ts';
import {
  errorChart,
  errorCurve,
  errorText,
  firstGradient,
  floorLine,
  gradientChart,
  gradientCurve,
  linesOf,
} from './curves.ts';
import { prose } from './prose.ts';

const LINK = '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&opt=adam&steps=300&seed=3';

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: 'rate 10⁻⁵', role: 'symptom', link: `${LINK}&lr=0.00001` },
  { key: 'cure', label: 'rate 0.015', role: 'cure', link: LINK },
  { key: 'usual', label: 'rate 2·10⁻⁴', role: 'reference', link: `${LINK}&lr=0.0002` },
  {
    key: 'longer',
    label: 'four times the steps',
    role: 'wrong',
    link: `${LINK.replace('steps=300', 'steps=1200')}&lr=0.00001`,
  },
  {
    key: 'rank',
    label: 'rank 64',
    role: 'wrong',
    link: `${LINK.replace('rank=8&alpha=16', 'rank=64&alpha=128')}&lr=0.00001`,
  },
];

export const nothing: ClinicCase = {
  name: 'nothing',
  group: 'start',
  complaint: 'My LoRA does nothing',
  cause: 'The rate is a thousand times too small for an adapter that starts at 0.',
  see: prose('After 300 steps the error is still 0.993 and ΔW is blank paper.'),
  look: prose('‖ΔW‖ and the gradient of B. The gradient is there; the steps are too short.'),
  why: prose(
    'B starts at 0, and Adam moves an entry by about the rate a step: at most 0.003 after 300 steps at 10⁻⁵. That rate suits full fine-tuning of a large model, not an adapter.',
  ),
  remedy: {
    control: 'Rate',
    off: '10⁻⁵',
    on: 'automatic',
    effect: 'The automatic rate is 0.015 here. Error 0.993 → 0.0734, the floor.',
  },
  wrong: [
    {
      label: 'More steps: 1,200',
      effect: 'Error 0.945. Four times the time for a twentieth of the way.',
      run: 'longer',
    },
    { label: 'A larger rank: 64', effect: 'Error 0.919. More entries, each as slow.', run: 'rank' },
  ],
  peft: prose(
    '`learning_rate=2e-4` is the usual start. After loading, some `lora_B` must not be all zeros; `model.print_trainable_parameters()` must not say 0.',
  ),
  kohya: prose(
    '`--network_alpha` is 1 unless you set it: at `--network_dim 32` that is s = 1/32. Set it to the dim or half of it, or raise `--unet_lr`.',
  ),
  otherwise: {
    text: prose(
      'The same symptom has three other causes: α lost from the file, names that do not match, A and B both 0. If the loss falls after some steps by itself, B = 0 was all it was.',
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
  runs: RUNS,
  evidence(runs, cured) {
    const lines = linesOf(RUNS, runs, cured, errorCurve);
    const symptom = errorText(runs.get('symptom'));
    const gradients = linesOf(RUNS, runs, cured, gradientCurve('gradNormB'), firstGradient('gradNormB'));
    return {
      headline: cured
        ? `At the automatic rate: error ${errorText(runs.get('cure'))} in place of ${symptom}. Nothing but the rate was changed.`
        : `After 300 steps at 10⁻⁵ the error is ${symptom}.`,
      charts: [
        errorChart([...lines, ...floorLine(runs.get('symptom'))], 'Look at the end: it has not moved.'),
        gradientChart('B', gradients, 'It is there from step 0. Figures: at step 0.'),
      ],
    };
  },
};
