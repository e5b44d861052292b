import { percent } from '../../experiment/numbers.ts';
import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import type { CaseRun, CaseRuns, ClinicCase } from './case.ts';
import { barOf, sharesChart, UNKNOWN } from './curves.ts';
import { prose } from './prose.ts';

const HANDS = [6, 7];
const linkOf = (rank: number) => `#v=1&target=digits&adapt=hand&others=0&rank=${rank}&alpha=${2 * rank}&steps=200`;
/** α = r: s is 1, as the factors of a sum have it. */
const SUMMED = '#v=1&target=digits&adapt=hand&others=0&rank=8&alpha=8&steps=200';

const weighted = (weight: number): Pick<CaseRun, 'link' | 'hands' | 'measures'> => ({
  link: SUMMED,
  hands: HANDS,
  measures: {
    sum: [
      { run: 'one', weight },
      { run: 'other', weight },
    ],
  },
});

const RUNS: readonly CaseRun[] = [
  {
    key: 'one',
    label: 'first hand, own adapter',
    role: 'reference',
    link: linkOf(4),
    hands: [HANDS[0]],
    keepsFactors: true,
  },
  {
    key: 'other',
    label: 'second hand, own adapter',
    role: 'reference',
    link: linkOf(4),
    hands: [HANDS[1]],
    keepsFactors: true,
  },
  { key: 'symptom', label: 'sum', role: 'symptom', ...weighted(1) },
  { key: 'cure', label: 'mean', role: 'cure', ...weighted(0.5) },
  { key: 'both', label: 'one trained on both', role: 'reference', link: linkOf(8), hands: HANDS },
  { key: 'weight', label: 'weights 1.5', role: 'wrong', ...weighted(1.5) },
];

const shareOf = (run: RunRecord | undefined, of: 'accuracy' | 'oldAccuracy'): number | null =>
  run?.losses[of]?.at(-1) ?? null;
const text = (share: number | null): string => (share === null ? UNKNOWN : percent(share));

const barsOf = (runs: CaseRuns, cured: boolean, of: 'accuracy' | 'oldAccuracy') =>
  RUNS.flatMap(({ key, label, role }) => {
    const share = shareOf(runs.get(key), of);
    if (share === null || (role === 'cure' && !cured)) return [];
    return [barOf(label, role === 'wrong' ? 'reference' : role, share, percent(share))];
  });

export const together: ClinicCase = {
  name: 'together',
  group: 'after',
  complaint: 'Two LoRAs together break',
  cause: 'Each was trained as if alone; together they go too far.',
  see: prose(
    'Two hands, each trained on its own drawings alone: each adapter reads 100% of its own. Added together 93%.',
  ),
  look: prose('The hands in common: what one adapter does to the other’s digits.'),
  why: prose(
    'Each was trained as if alone. Where both write to the same directions the changes add up to too much. Half of each: 95%. One adapter of the same size trained on both: 100%, so there is room for both.',
  ),
  remedy: { control: 'Weights', off: '1 and 1, the sum', on: '½ and ½, the mean', effect: '93% → 95% of both hands.' },
  wrong: [{ label: 'Larger weights: 1.5', effect: '68%.', run: 'weight' }],
  peft: prose(
    '`add_weighted_adapter(["a", "b"], [0.5, 0.5], "ab", combination_type="cat")`. “linear” also multiplies B of one by A of the other.',
  ),
  kohya: prose('`merge_lora.py --ratios 0.5 0.5 --concat`, or weights of 0.5 to 0.7 each.'),
  otherwise: {
    text: prose('If one of them breaks alone too, look at that one.'),
    cases: ['merged', 'overfit'],
  },
  words: [
    'two adapters',
    'combine',
    'add_weighted_adapter',
    'merge two',
    'multiple loras',
    'interfere',
    'stack',
    'weights',
  ],
  runs: RUNS,
  evidence(runs, cured) {
    const of = (key: string) => text(shareOf(runs.get(key), 'accuracy'));
    return {
      headline: cured
        ? `The mean reads ${of('cure')} of both hands, the sum ${of('symptom')}. Nothing but the weights was changed.`
        : `Each reads ${of('one')} and ${of('other')} of its own hand; added together they read ${of('symptom')} of both.`,
      charts: [
        sharesChart('Drawings read', 'Held-out drawings that are read right.', barsOf(runs, cured, 'accuracy')),
        sharesChart(
          'Everybody else',
          '597 digits of other people: what the adapters do to them.',
          barsOf(runs, cured, 'oldAccuracy'),
        ),
      ],
    };
  },
};
