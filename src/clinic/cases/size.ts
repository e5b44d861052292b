import { count, number } from '../../experiment/numbers.ts';
import { errorAtEnd, type RunRecord } from '../../experiment/run-file/run-record.ts';
import type { CaseChart, CaseLook, CaseRun, CaseRuns, ClinicCase } from './case.ts';
import { barOf, type CurvePoints, errorText, UNKNOWN } from './curves.ts';
import { prose } from './prose.ts';

const linkOf = (rank: number) =>
  `#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=${rank}&alpha=${rank}&opt=adam&lr=0.005&steps=300&seed=3`;

const CUTS = [1, 2, 4, 8, 12, 16, 32];
const CUT = 16;

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: 'rank 64', role: 'symptom', link: linkOf(64), observe: [0], keepsFactors: true },
  ...CUTS.map((rank): CaseRun => {
    const own = rank === CUT;
    const made = { link: linkOf(rank), measures: { cut: 'symptom', rank } };
    return { ...made, key: own ? 'cure' : `cut-${rank}`, label: `cut to ${rank}`, role: own ? 'cure' : 'reference' };
  }),
];

const TRAINED: CaseRun = { key: 'trained-8', label: 'trained at 8', role: 'wrong', link: linkOf(8) };
const TRAINED_16: CaseRun = { key: 'trained-16', label: 'trained at 16', role: 'wrong', link: linkOf(16) };

const parameters = (run: RunRecord) => run.modules.reduce((sum, { d, k, rank }) => sum + rank * (d + k), 0);
const sizeText = (run: RunRecord | undefined) => (run ? count(parameters(run)) : UNKNOWN);

const cutsOf = (runs: CaseRuns): CurvePoints =>
  [...CUTS, 64].flatMap((rank) => {
    const run = runs.get(rank === 64 ? 'symptom' : rank === CUT ? 'cure' : `cut-${rank}`);
    const error = run && errorAtEnd(run);
    return typeof error === 'number' ? [[rank, error] as const] : [];
  });

/** Trained parameters, as bars. */
function sizeChart(symptom: RunRecord | undefined, cure: RunRecord | undefined): CaseChart {
  const bar = (label: string, look: CaseLook, run: RunRecord | undefined) =>
    run ? [barOf(label, look, parameters(run), sizeText(run))] : [];
  return {
    ...{ title: 'Parameters', about: 'Numbers in the file: r·(d + k).', lines: [] },
    x: { label: '', scale: 'linear' },
    y: { label: 'parameters', scale: 'linear', low: 0 },
    bars: [...bar('rank 64', 'symptom', symptom), ...bar(`cut to ${CUT}`, 'cure', cure)],
  };
}

function spectrumOf(run: RunRecord | undefined): CurvePoints {
  const values =
    run?.frames
      .at(-1)
      ?.modules.flatMap(({ spectrum }) => spectrum ?? [])
      .at(0) ?? null;
  // Rounding alone: nothing that a logarithmic axis should show.
  return values ? Array.from(values, (x, i) => [i + 1, x > 1e-8 ? x : Number.NaN] as const) : [];
}

export const size: ClinicCase = {
  name: 'size',
  group: 'after',
  complaint: 'The file is too large',
  cause: 'You pay for rank, not for content. Sixteen directions carry all.',
  see: prose('Rank 64: 8,192 parameters. Its singular values fall to nothing after 13.'),
  look: prose('Singular values: what is the last one that matters?'),
  why: prose(
    'You pay for rank, not for content: this update has fewer than 16 directions. Cut to 16 the error stays as it was and the file is 4 times smaller; cut to 8 it is 0.0733.',
  ),
  remedy: { control: 'Rank of the file', off: '64', on: 'cut to 16', effect: 'The same error, a quarter of the file.' },
  wrong: [
    {
      label: 'Train again at rank 16',
      effect: 'Error 8.83·10⁻³: another run, for a worse result.',
      runs: [TRAINED_16],
    },
    { label: 'Train again at rank 8', effect: 'Error 0.0736: no better than a cut to 8.', runs: [TRAINED] },
  ],
  peft: prose(
    'Open the file in Adapters → Resize. 16-bit numbers halve it. A file far larger than its modules holds the embeddings: `save_pretrained(path, save_embedding_layers=False)`, unless you have added tokens.',
  ),
  kohya: prose(
    '`resize_lora.py --new_rank 16 --save_precision fp16`. With `--dynamic_method sv_fro --dynamic_param 0.95` each module keeps as few directions as hold 95% of its norm, at most `--new_rank`: up to 31% of ΔW may be lost.',
  ),
  otherwise: {
    text: prose('If the spectrum does not fall, a cut costs what it removes.'),
    cases: ['rank64', 'merged'],
  },
  words: ['size', 'large file', 'resize', 'compress', 'svd', 'disk', 'megabytes', 'rank', 'safetensors'],
  runs: RUNS,
  evidence(runs, cured) {
    const [symptom, cure] = [runs.get('symptom'), runs.get('cure')];
    const errors = cutsOf(runs);
    const stays = errorText(cure) === errorText(symptom);
    return {
      headline: cured
        ? `Cut to ${CUT}: error ${stays ? 'still ' : ''}${errorText(cure)}${stays ? '' : ` in place of ${errorText(symptom)}`}, with ${sizeText(cure)} parameters in place of ${sizeText(symptom)}.`
        : `The file holds ${sizeText(symptom)} parameters at rank 64, for an error of ${errorText(symptom)}.`,
      charts: [
        {
          title: 'Singular values of ΔW',
          about: 'Log scale. Look where they end.',
          x: { label: 'i', scale: 'linear', ...(cured && { marks: [{ at: CUT, label: `cut to ${CUT}` }] }) },
          y: { label: 'σᵢ', scale: 'log' },
          lines: [{ label: 'rank 64', look: 'symptom', points: spectrumOf(symptom) }],
        },
        {
          title: 'Error after the cut',
          about: '‖ΔW − ΔW*‖/‖ΔW*‖, log scales; each dot a cut.',
          x: { label: 'rank', scale: 'log', ...(cured && { marks: [{ at: CUT, label: `${CUT}` }] }) },
          y: { label: 'error', scale: 'log' },
          lines: [
            {
              label: `rank 64: ${number(errors.at(-1)?.[1] ?? Number.NaN)}`,
              look: 'symptom',
              dots: true,
              points: errors,
            },
            ...(cured && cure
              ? [
                  {
                    label: `cut to ${CUT}: ${errorText(cure)}`,
                    look: 'cure' as const,
                    dots: true,
                    points: errors.filter(([rank]) => rank === CUT),
                  },
                ]
              : []),
          ],
        },
        sizeChart(symptom, cured ? cure : undefined),
      ],
    };
  },
};
