import { percent } from '../../experiment/numbers.ts';
import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import type { CaseRun, CaseRuns, ClinicCase } from './case.ts';
import { barOf, sharesChart, UNKNOWN } from './curves.ts';
import { prose } from './prose.ts';

const HANDS = [4, 15];
const linkOf = (rank: number, alpha = 2 * rank, steps = 200) =>
  `#v=1&target=digits&adapt=hand&others=0&rank=${rank}&alpha=${alpha}&steps=${steps}&seed=3`;

/** Adapters of rank 4 with a weight each. α = r: s is 1, as the factors of a sum have it. */
const summed = (
  names: readonly string[],
  weight: number,
  hands = HANDS,
): Pick<CaseRun, 'link' | 'hands' | 'measures'> => ({
  ...{ link: linkOf(4 * names.length, 4 * names.length), hands },
  measures: { sum: names.map((run) => ({ run, weight })) },
});

const alone = (key: string, label: string, hand: number, steps?: number): CaseRun => ({
  ...{ key, label, role: 'reference', link: linkOf(4, 8, steps), hands: [hand], keepsFactors: true },
});

const [FIRST, SECOND] = HANDS;
const RUNS: readonly CaseRun[] = [
  alone('one', 'first hand, own adapter', FIRST),
  alone('other', 'second hand, own adapter', SECOND),
  { key: 'symptom', label: 'sum', role: 'symptom', ...summed(['one', 'other'], 1) },
  { key: 'cure', label: 'mean', role: 'cure', ...summed(['one', 'other'], 0.5) },
  { key: 'both', label: 'one adapter trained on both', role: 'reference', link: linkOf(8), hands: HANDS },
  { key: 'one-reads-other', label: 'second hand, first’s adapter', role: 'reference', ...summed(['one'], 1, [SECOND]) },
  {
    key: 'other-reads-one',
    label: 'first hand, second’s adapter',
    role: 'reference',
    ...summed(['other'], 1, [FIRST]),
  },
];

const WEIGHT: CaseRun = { key: 'weight', label: 'weights 1.5', role: 'wrong', ...summed(['one', 'other'], 1.5) };
const LONGER: readonly CaseRun[] = [
  { ...alone('one-longer', 'first hand, 800 steps', FIRST, 800), role: 'wrong' },
  { ...alone('other-longer', 'second hand, 800 steps', SECOND, 800), role: 'wrong' },
  { key: 'longer', label: 'sum after 800 steps each', role: 'wrong', ...summed(['one-longer', 'other-longer'], 1) },
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
    'Two people draw digits, and an adapter is trained on the drawings of each hand alone: it reads 100% of that hand’s test drawings. Added together, the two read 85%.',
  ),
  look: prose('Each adapter on the other’s hand: the first reads 80% of the second’s, the second 75% of the first’s.'),
  why: prose(
    'Each was trained as if alone. Where both write to the same directions the changes add up to too much. Half of each: 100%. One adapter of their joint size, trained on both, reads 100% too, so there is room for both.',
  ),
  remedy: { control: 'Weights', off: '1 and 1, the sum', on: '½ and ½, the mean', effect: '85% → 100% of both hands.' },
  wrong: [
    { label: 'Larger weights: 1.5', effect: '57%: further in the same direction.', runs: [WEIGHT] },
    { label: 'Each trained longer: 800 steps', effect: '85%: no better.', runs: LONGER },
  ],
  peft: prose(
    '`add_weighted_adapter(["a", "b"], [0.5, 0.5], "ab", combination_type="cat")` is exactly the mean. `"linear"` also multiplies B of one by A of the other; `"svd"`, the default, cuts back to the larger rank.',
  ),
  kohya: prose(
    'Into a model: `merge_lora.py --sd_model … --ratios 0.5 0.5`. Two files into one: `--concat` multiplies both factors by the ratio and halves s, so that `--ratios 1 1 --concat` is the mean of two of one size; without it, up of one meets down of the other.',
  ),
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
        ? `The mean reads ${of('cure')} of both hands, the sum ${of('symptom')}. Only the weights were changed.`
        : `The two adapters read ${of('one')} and ${of('other')} of the drawings of their own hand; added together they read ${of('symptom')} of both.`,
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
