import { number, percent } from '../../experiment/numbers.ts';
import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import type { CaseChart, CaseRun, ClinicCase } from './case.ts';
import { accuracies, curve, heldOut, linesOf, noFigure, shareLines, UNKNOWN } from './curves.ts';
import { prose } from './prose.ts';

const linkOf = (samples: number, rank: number, steps = 200) =>
  `#v=1&target=digits&adapt=rotate&samples=${samples}&rank=${rank}&lr=0.01&steps=${steps}`;
const OBSERVED = Array.from({ length: 20 }, (_, i) => 10 * i);

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: '40 digits', role: 'symptom', link: linkOf(40, 16), observe: OBSERVED },
  { key: 'cure', label: '100 digits', role: 'cure', link: linkOf(100, 16), observe: OBSERVED },
];

const RANK: CaseRun = { key: 'rank', label: 'rank 1', role: 'wrong', link: linkOf(40, 1), observe: OBSERVED };
const LONGER: CaseRun = { key: 'longer', label: '800 steps', role: 'wrong', link: linkOf(40, 16, 800) };

function accuracyOf(run: RunRecord | undefined): number | null {
  return run?.losses.accuracy?.at(-1) ?? null;
}

const shareText = (share: number | null) => (share === null ? UNKNOWN : percent(share));

export const overfit: ClinicCase = {
  name: 'overfit',
  group: 'break',
  complaint: 'It overfits',
  cause: 'The adapter has more parameters than so few samples can pin down, so the held-out loss rises again.',
  see: prose(
    'Trained on 40 rotated digits, it reads 68% of new ones right. The held-out loss is 1.57 at its lowest and 2.26 at the end.',
  ),
  look: prose('Held-out loss: it turns while the training loss still falls.'),
  why: prose(
    'The adapter has more parameters (5,280 at rank 16) than 40 digits can pin down. A smaller rank overfits less (held-out loss 1.55 at rank 1) and reads less: 61%. More digits help most.',
  ),
  remedy: {
    control: 'Training digits',
    off: '40',
    on: '100',
    effect:
      '68% → 87% of new digits. The held-out loss still turns, later and less: 0.633 at its lowest, 0.786 at the end. Early stopping is the other half of the cure.',
  },
  wrong: [
    { label: 'A smaller rank: 1', effect: '61% of new digits.', runs: [RANK] },
    { label: 'More steps: 800', effect: '68% of new digits; held-out loss 2.32.', runs: [LONGER] },
  ],
  peft: prose(
    'Early stopping on a held-out set; `load_best_model_at_end=True` with `eval_strategy` and `save_strategy` alike. `lora_dropout=0.05`; more data before a smaller `r`.',
  ),
  kohya: prose(
    '`--validation_split 0.1` holds samples out; `--save_every_n_epochs 1`, and choose. `--network_dropout 0.1`; fewer `num_repeats`.',
  ),
  otherwise: {
    text: prose('If the training loss is a staircase too, the same samples come round again.'),
    cases: ['staircase', 'rank64'],
  },
  words: ['overfitting', 'memorises', 'validation loss', 'eval loss rises', 'generalise', 'too few samples', 'dropout'],
  runs: RUNS,
  evidence(runs, cured) {
    const shown = { list: RUNS, runs, cured };
    const [symptom, cure] = [accuracyOf(runs.get('symptom')), accuracyOf(runs.get('cure'))];
    const last = (run: RunRecord) => number(run.losses.heldOut.at(-1) ?? Number.NaN);
    const charts: CaseChart[] = [
      {
        title: 'Held-out loss',
        about: 'Of 597 digits that it never trains on. Look for the turn.',
        x: { label: 'step', scale: 'linear' },
        y: { label: 'loss', scale: 'log' },
        lines: linesOf(shown, heldOut, last),
      },
      {
        title: 'Training loss',
        about: 'Log scale: it falls to the end.',
        x: { label: 'step', scale: 'linear' },
        y: { label: 'loss', scale: 'log' },
        lines: linesOf(shown, ({ trace: { series, length } }) => curve(series.loss.subarray(0, length)), noFigure),
      },
      shareLines(
        'New digits read',
        'The share of the 597 that it reads right.',
        linesOf(shown, accuracies, (run) => shareText(accuracyOf(run))),
      ),
    ];
    return {
      headline: cured
        ? `With 100 digits it reads ${shareText(cure)} of new ones in place of ${shareText(symptom)}. Nothing but their number was changed.`
        : `Only ${shareText(symptom)} of new digits are read right after training on 40.`,
      charts,
    };
  },
};
