import { lastStep } from '../../experiment/run-file/run-record.ts';
import type { CaseRun, ClinicCase } from './case.ts';
import { errorChart, errorText, float16Chart, gradientChart } from './curves.ts';
import { prose } from './prose.ts';

const LINK = '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=64&opt=sgd&lr=0.3&steps=300&seed=3';

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: 'α = 64', role: 'symptom', link: LINK },
  { key: 'cure', label: 'α = 16', role: 'cure', link: LINK.replace('alpha=64', 'alpha=16') },
];

/** A second way: gradients beyond 65,504 are infinite in float16. */
const HALF_LINK = LINK.replace('opt=sgd&lr=0.3', 'opt=adam&precision=float16');
const HALF: readonly CaseRun[] = [
  { key: 'overflow', label: 'loss scale 65,536', role: 'reference', link: `${HALF_LINK}&lossscale=65536` },
  { key: 'scaled', label: 'loss scale 1,024', role: 'reference', link: `${HALF_LINK}&lossscale=1024` },
];

const RANK: CaseRun = { key: 'rank', label: 'rank 4', role: 'wrong', link: LINK.replace('rank=8', 'rank=4') };
const SEED: CaseRun = { key: 'seed', label: 'another seed', role: 'wrong', link: LINK.replace('seed=3', 'seed=4') };

const CLIP: CaseRun = { key: 'clip', label: 'gradients clipped to 1', role: 'wrong', link: `${LINK}&clip=1` };
const WARM: CaseRun = { key: 'warm', label: 'warm-up of 100 steps', role: 'wrong', link: `${LINK}&warmup=100` };

export const nan: ClinicCase = {
  name: 'nan',
  group: 'break',
  complaint: 'The loss is NaN',
  cause: 'The learning rate is too large for this α: a larger α breaks like a larger rate.',
  see: prose('The error is 1, 1.69 and 7.58 at steps 0, 1 and 2; after that it has diverged.'),
  look: prose('The first steps: each has a larger error than the one before, and a larger gradient.'),
  why: prose(
    's = α/r = 8 steepens the loss. At α = 64 nothing settles beyond a rate of about 0.12; the rate is 0.3. In float16 there is a second way: its numbers end at 65,504. With a loss scale of 65,536 a gradient passes that, and Adam at α = 64 ends before its first step; with 1,024 the error is 0.0920.',
  ),
  remedy: { control: 'α', off: '64', on: '16', effect: 'Error 0.0912 after 300 steps: same rate, same seed.' },
  wrong: [
    { label: 'A smaller rank: 4', effect: 'Diverged after step 1, earlier still: s = α/r has doubled.', runs: [RANK] },
    { label: 'Another seed', effect: 'Diverged after step 2 as well: the error is 56.4 there.', runs: [SEED] },
    { label: 'Warm-up of 100 steps', effect: 'Diverged at step 48, once the rate has grown.', runs: [WARM] },
    { label: 'Gradients clipped to norm 1', effect: 'It survives and does not settle: error 0.398.', runs: [CLIP] },
  ],
  peft: prose(
    'Halve the rate until it holds; leave `max_grad_norm` at 1.0, as it is unless you set it; `bf16=True` in place of `fp16=True`.',
  ),
  kohya: prose(
    '`--network_alpha` no larger than `--network_dim`. `--max_grad_norm` is 1 unless you set it to 0. `--mixed_precision bf16`, with `--full_bf16` in place of `--full_fp16`: the two do not go together. `--no_half_vae` if the latents are NaN. `--scale_weight_norms 1` keeps each ‖ΔW‖ at 1 or below.',
  ),
  otherwise: {
    text: prose('If the loss jumps at equal distances and stays a number, it is a staircase.'),
    cases: ['staircase', 'rank64'],
  },
  words: ['nan', 'inf', 'overflow', 'diverges', 'explodes', 'loss spike', 'fp16', 'float16', 'alpha'],
  runs: [...RUNS, ...HALF],
  evidence(runs, cured) {
    const shown = { list: RUNS, runs, cured };
    const symptom = runs.get('symptom');
    const end = symptom && `${errorText(symptom)} at step ${lastStep(symptom)}`;
    return {
      headline: cured
        ? `At α = 16: error ${errorText(runs.get('cure'))}. At α = 64 it diverges. Nothing but α was changed.`
        : symptom?.status === 'diverged'
          ? `The error is ${end} with α = 64; after that the run has diverged.`
          : `The error is ${errorText(symptom)} with α = 64.`,
      charts: [
        errorChart(shown, 'At α = 64 it rises from the first step on.', (cured && runs.get('cure')) || symptom),
        gradientChart('B', shown, 'At α = 64 it grows with each step.'),
        float16Chart({ ...shown, list: HALF }, 'Adam, α = 64'),
      ],
    };
  },
};
