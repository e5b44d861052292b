import type { CaseRun, ClinicCase } from './case.ts';
import { errorChart, errorText, gradientChart } from './curves.ts';
import { prose } from './prose.ts';

const LINK = '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&opt=adam&steps=300&seed=3';
const BOTH = `${LINK}&init=both-zero`;

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: 'A = 0, B = 0', role: 'symptom', link: BOTH },
  { key: 'cure', label: 'A Kaiming, B = 0', role: 'cure', link: LINK },
];

const RATE: CaseRun = { key: 'rate', label: 'rate 0.1', role: 'wrong', link: `${BOTH}&lr=0.1` };
const LONGER: CaseRun = {
  key: 'longer',
  label: '1,200 steps',
  role: 'wrong',
  link: BOTH.replace('steps=300', 'steps=1200'),
};
const RANK: CaseRun = {
  key: 'rank',
  label: 'rank 64',
  role: 'wrong',
  link: BOTH.replace('rank=8&alpha=16', 'rank=64&alpha=128'),
};

export const zeros: ClinicCase = {
  name: 'zeros',
  group: 'start',
  complaint: 'B is all zeros. Is that a bug?',
  cause: 'Before the first step, no: one factor must start at 0. After it, B must have moved.',
  see: prose('Step 0: B = 0, ΔW = 0, the gradient of A exactly 0.'),
  look: prose('One step later B has moved; two steps later so has A. With both at 0 neither ever does.'),
  why: prose(
    'At step 0, not a bug: ΔW must start at 0, so one factor must; the other must not. If both are 0, both gradients are 0 for ever: error 1.00 after 300 steps. If B is 0 after a step and A is not, no step has reached B.',
  ),
  remedy: { control: 'A at the start', off: '0', on: 'Kaiming', effect: 'Error 1.00 → 0.0734, the floor.' },
  wrong: [
    { label: 'A larger rate: 0.1', effect: 'Error 1.00. A rate times 0 is 0.', runs: [RATE] },
    { label: 'More steps: 1,200', effect: 'Error 1.00.', runs: [LONGER] },
    { label: 'A larger rank: 64', effect: 'Error 1.00.', runs: [RANK] },
  ],
  peft: prose(
    '`init_lora_weights=True` is right. Look at `lora_B` after the first optimiser step. If it is still 0, the optimiser was made before `get_peft_model` and does not hold the factors, or the rate is 0 (the first step of a warm-up), or no gradient arrives (gradient checkpointing without `enable_input_require_grads()`).',
  ),
  kohya: prose(
    '`lora_up` starts at 0 and `lora_down` at random. If `lora_up` is still 0 after training, nothing was trained: look at the rate and at what was trained.',
  ),
  otherwise: {
    text: prose(
      'If B is not 0 any more and the output is still unchanged, the steps are too short or the file is not applied.',
    ),
    cases: ['nothing', 'flat'],
  },
  words: [
    'zero',
    'lora_b',
    'lora_up',
    'optimizer',
    'optimiser',
    'loss does not change',
    'not training',
    'initialisation',
    'init',
    'gradient is zero',
    'bug',
  ],
  runs: RUNS,
  evidence(runs, cured) {
    const shown = { list: RUNS, runs, cured };
    return {
      headline: cured
        ? `With A drawn at random: error ${errorText(runs.get('cure'))} in place of ${errorText(runs.get('symptom'))}. B still starts at 0.`
        : `The error is still ${errorText(runs.get('symptom'))} after 300 steps if A and B both start at 0.`,
      charts: [
        errorChart(shown, 'With both at 0 it never leaves 1.', runs.get('symptom')),
        gradientChart('B', shown, 'It needs an A that is not 0.'),
        gradientChart('A', shown, 'It needs a B that is not 0: from step 1.'),
      ],
    };
  },
};
