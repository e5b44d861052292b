import { count, number } from '../../experiment/numbers.ts';
import type { Chart, Table } from '../chart.ts';
import { locateStep } from '../drawing/columns.ts';
import { render } from '../drawing/render.ts';
import { seedSentence } from '../drawing/seeds.ts';
import { type Hover, lastUpTo, measuredStep, newestStep, type OtherRun, type Scene, updateName } from '../scene.ts';
import { knownSentence, pinnedWords, runState } from '../words.ts';
import { DEFINITIONS, effectiveRankOf, effectiveRanks, wantedRank } from './definitions.ts';
import { beyondCap, effectiveRankPicture, seedRanks } from './picture.ts';

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
function pinEnd(pin: OtherRun, { definition }: Scene): string | null {
  const values = pin.sampled.spectra.at(-1);
  if (!values) return null;
  return `${number(effectiveRankOf(values, definition))}${beyondCap(pin) ? ', up to 2r' : ''}`;
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
