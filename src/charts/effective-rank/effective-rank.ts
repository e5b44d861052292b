import { count, number } from '../../experiment/numbers.ts';
import type { Chart, Shares, Table } from '../chart.ts';
import { locateStep } from '../drawing/columns.ts';
import { render } from '../drawing/render.ts';
import { seedSentence } from '../drawing/seeds.ts';
import { type Hover, lastUpTo, measuredStep, newestStep, type OtherRun, type Scene, updateName } from '../scene.ts';
import { knownSentence, pinnedWords, runState } from '../words.ts';
import { DEFINITIONS, effectiveRankOf, effectiveRanks, wantedRank } from './definitions.ts';
import { effectiveRankPicture, seedRanks } from './picture.ts';

export const effectiveRank: Chart = {
  name: 'effectiveRank',
  title: 'Effective rank of ΔW',
  short: 'Eff. rank',
  help: ({ definition }) => `${DEFINITIONS[definition].formula}: how many directions carry weight`,
  axis: 'step',
  draw: (svg, scene, size) => render(svg, size, effectiveRankPicture(scene, size)),
  locate: locateStep,
  readout,
  ofPin: pinEnd,
  describe,
  table,
  explain,
};

function readout({ sampled, definition }: Scene, hover: Hover): string {
  if (hover.axis !== 'step') return '';
  const i = lastUpTo(sampled.steps, hover.step);
  return i < 0 ? '' : `step ${count(sampled.steps[i])}: ${number(effectiveRankOf(sampled.spectra[i], definition))}`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const { definition, rank, spectrum, target } = scene;
  const all = wantedRank(target, definition);
  const wanted = all === null ? knownSentence(target) : ` ΔW* has ${number(all)}.`;
  const here = spectrum
    ? ` Effective rank of ${updateName(scene)} ${number(effectiveRankOf(spectrum, definition))} of at most ${count(rank)}.`
    : '';
  return `${runState(scene)}${here}${measuredWords(scene)}${wanted}${seedSentence(seedRanks(scene), 'effective rank')}${pinnedWords(scene, (pin) => pinEnd(pin, scene))} Defined as ${DEFINITIONS[definition].formula}.`;
}

/** At how many steps there is a value, where not at every one. */
function measuredWords(scene: Scene): string {
  const { steps } = scene.sampled;
  const all = newestStep(scene) + 1;
  if (steps.length === 0 || steps.length >= all) return '';
  return ` Measured at ${count(steps.length)} of ${count(all)} steps; step ${count(measuredStep(scene) ?? 0)} is shown.`;
}

/** The effective rank of a pinned run at its end. */
function pinEnd({ sampled }: OtherRun, { definition }: Scene): string | null {
  const values = sampled.spectra.at(-1);
  return values ? number(effectiveRankOf(values, definition)) : null;
}

function table(scene: Scene): Table {
  const { definition, sampled, others, rank, target } = scene;
  const wanted = wantedRank(target, definition);
  const lists = [sampled, ...others.map((other) => other.sampled)].map(
    (list) => new Map(effectiveRanks(list, definition).map((value, i) => [list.steps[i], value])),
  );
  const steps = [...new Set(lists.flatMap((list) => [...list.keys()]))].sort((a, b) => a - b);
  const [now, ...old] = lists;
  return {
    columns: [
      'step',
      `effective rank of ${updateName(scene)}`,
      'cap r',
      'effective rank of ΔW*',
      ...others.map(({ name }) => name),
    ],
    rows: steps.map((step) => [
      step,
      now.get(step) ?? null,
      rank,
      wanted,
      ...old.map((list) => list.get(step) ?? null),
    ]),
  };
}

function explain({ definition, spectrum, rank, target, ...scene }: Scene) {
  const { typeset: formula, meaning, numbers } = DEFINITIONS[definition];
  const wanted = wantedRank(target, definition);
  return {
    paragraphs: [
      `Of the ${count(rank)} direction${rank === 1 ? '' : 's'} that rank ${count(rank)} allows, how many carry weight? The effective rank answers with a number that need not be whole: ${meaning}.`,
      'It is 1 when a single direction does all the work, and r when all r are equally strong. For the zero matrix it is 0 by convention.',
      wanted === null
        ? `The horizontal line is the cap, r.${knownSentence(target)}`
        : `The solid line is the cap, r = ${count(rank)}; the dashed one is the effective rank of ΔW* itself, ${number(wanted)}.`,
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
