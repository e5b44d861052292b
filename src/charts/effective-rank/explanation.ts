import { count, number } from '../../experiment/numbers.ts';
import type { Explanation, Shares } from '../chart.ts';
import { measuredStep, type Scene } from '../scene.ts';
import { knownSentence } from '../words.ts';
import { DEFINITIONS, effectiveRankOf, wantedRank } from './definitions.ts';
import { beyondCap } from './picture.ts';

export function explain({ definition, spectrum, rank, target, ...scene }: Scene): Explanation {
  const { typeset: formula, meaning, numbers } = DEFINITIONS[definition];
  const wanted = wantedRank(target, definition);
  return {
    paragraphs: [
      `Of the ${count(rank)} direction${rank === 1 ? '' : 's'} that rank ${count(rank)} allows, how many carry weight? The effective rank answers with a number that need not be whole: ${meaning}.`,
      'It is 1 when a single direction does all the work, and r when all r are equally strong. For the zero matrix it is 0 by convention.',
      wanted === null
        ? `The horizontal line is the cap, r.${knownSentence(target)}`
        : `The solid line is the cap, r = ${count(rank)}; the dashed one is the effective rank of ΔW* itself, ${number(wanted)}.`,
      ...(scene.others.some(beyondCap)
        ? [
            'A pinned run that moved a part of W₀ into its adapter, such as PiSSA, has ΔW = s·B·A − s₀·B₀·A₀, of rank up to 2r: its line may lie above the cap.',
          ]
        : []),
      'Other definitions weight weak directions differently: choose another definition next to the chart’s title.',
    ],
    formula,
    numbers: spectrum
      ? `at step ${count(measuredStep({ ...scene, definition, spectrum, rank, target }) ?? 0)}: ${numbers(Array.from(spectrum))}`
      : 'no spectrum yet',
    ...(spectrum && { shares: sharesOf(Array.from(spectrum), definition) }),
  };
}

/** pᵢ of a spectrum as the definition weighs it, and how many equal directions have the same effective rank. */
function sharesOf(sigma: readonly number[], definition: Scene['definition']): Shares {
  const weights = sigma.map((s) => (definition === 'entropy' ? s : s * s));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const equal = effectiveRankOf(Float64Array.from(sigma), definition);
  return {
    values: weights.map((w) => (total > 0 ? w / total : 0)),
    equal,
    words: `Bars: the share pᵢ of each direction now. Frame: ${number(equal)} directions with equal shares would count as much.`,
  };
}
