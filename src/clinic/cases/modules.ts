import { percent } from '../../experiment/numbers.ts';
import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import type { CaseRun, CaseRuns, ClinicCase } from './case.ts';
import { accuracies, barOf, linesOf, shareLines, sharesChart, UNKNOWN } from './curves.ts';
import { prose } from './prose.ts';

const linkOf = (modules: string, rank: number, steps = 120) =>
  `#v=1&target=transformer&adapt=copy-reverse&modules=${modules}&rank=${rank}&lr=0.008&steps=${steps}`;
const OBSERVED = [0, 30, 60, 90];

const RUNS: readonly CaseRun[] = [
  { key: 'symptom', label: 'up, down, rank 14', role: 'symptom', link: linkOf('up,down', 14), observe: OBSERVED },
  { key: 'cure', label: 'all six, rank 6', role: 'cure', link: linkOf('q,k,v,o,up,down', 6), observe: OBSERVED },
  { key: 'qv', label: 'q, v, rank 21', role: 'reference', link: linkOf('q,v', 21), observe: OBSERVED },
];

const RANK: CaseRun = { key: 'rank', label: 'up, down, rank 56', role: 'wrong', link: linkOf('up,down', 56) };
const LONGER: CaseRun = {
  key: 'longer',
  label: 'up, down, 360 steps',
  role: 'wrong',
  link: linkOf('up,down', 14, 360),
};

const share = (run: RunRecord | undefined): number | null => run?.losses.accuracy?.at(-1) ?? null;
const text = (run: RunRecord | undefined): string => {
  const found = share(run);
  return found === null ? UNKNOWN : percent(found);
};

const barsOf = (runs: CaseRuns, cured: boolean) =>
  RUNS.flatMap(({ key, label, role }) => {
    const found = share(runs.get(key));
    if (found === null || (role === 'cure' && !cured)) return [];
    return [barOf(label, role === 'wrong' ? 'reference' : role, found, percent(found))];
  });

export const modules: ClinicCase = {
  name: 'modules',
  group: 'worse',
  complaint: 'Which modules should I train?',
  cause: 'It depends on what must change. To move symbols, a model needs its attention.',
  see: prose(
    'A small transformer that copies symbols learns to reverse them. With 10,752 trained parameters, all in the MLP, it gets 7% of the symbols right, which is no more than guessing; spread over all six matrices, 100%.',
  ),
  look: prose('The line of up and down, the two matrices of the MLP: flat from the first step to the last.'),
  why: prose(
    'It depends on what must change. Reversing moves symbols, and only attention moves them: the MLP sees one place at a time. q and v alone, with as many parameters, get 100% too.',
  ),
  remedy: {
    control: 'Matrices',
    off: 'up, down at rank 14',
    on: 'all six at rank 6',
    effect: '7% → 100% of the symbols, with the same number of parameters.',
  },
  wrong: [
    { label: 'A larger rank: 56', effect: '7%, with four times the parameters.', runs: [RANK] },
    { label: 'More steps: 360', effect: '6% after three times as long.', runs: [LONGER] },
  ],
  peft: prose(
    '`target_modules="all-linear"` is all linear layers but the last. If memory is short, lower `r` before you leave modules out.',
  ),
  kohya: prose(
    'Unless you say otherwise it trains the linear layers of attention and MLP in the transformer blocks of the U-Net, and of the text encoders. Leave it so; lower `--network_dim` first. 3 × 3 convolutions need `--network_args "conv_dim=4"`.',
  ),
  otherwise: {
    text: prose('If all matrices are trained and it still learns nothing, look at the rate.'),
    cases: ['nothing', 'rank64'],
  },
  words: [
    'target_modules',
    'q_proj',
    'v_proj',
    'all-linear',
    'attention',
    'mlp',
    'which layers',
    'gate_proj',
    'down_proj',
  ],
  runs: RUNS,
  evidence(runs, cured) {
    return {
      headline: cured
        ? `All six at rank 6: ${text(runs.get('cure'))} of the symbols in place of ${text(runs.get('symptom'))}, with as many parameters.`
        : `Only ${text(runs.get('symptom'))} of the symbols are right with 10,752 trained parameters in up and down.`,
      charts: [
        shareLines(
          'Symbols right over training',
          'Held-out sequences, reversed.',
          linesOf({ list: RUNS, runs, cured }, accuracies, text),
        ),
        sharesChart(
          'Symbols right at the end',
          'The same number of trained parameters each: 10,752.',
          barsOf(runs, cured),
        ),
      ],
    };
  },
};
