import { count, number } from '../../experiment/numbers.ts';
import type { Chart, Table } from '../chart.ts';
import { locateRank } from '../drawing/columns.ts';
import { render } from '../drawing/render.ts';
import {
  type Hover,
  hasMoved,
  measuredStep,
  type OtherRun,
  type Scene,
  shownStep,
  updateName,
  valuesOf,
} from '../scene.ts';
import { knownSentence, knownShort, pinnedWords, runState } from '../words.ts';
import { spectrumPicture } from './picture.ts';

export const spectrum: Chart = {
  name: 'spectrum',
  title: 'Singular values σᵢ of ΔW',
  short: 'Spectrum',
  help: () => 'strength of each direction, largest first (log scale)',
  axis: 'rank',
  draw: (svg, scene, size) => render(svg, size, spectrumPicture(scene, size)),
  locate: locateRank,
  readout,
  ofPin: largest,
  describe,
  table,
};

function readout(scene: Scene, hover: Hover): string {
  if (hover.axis !== 'rank') return '';
  const { index } = hover;
  const parts: string[] = [];
  const name = updateName(scene);
  if (scene.spectrum)
    parts.push(index <= scene.rank ? `${name} ${number(scene.spectrum[index - 1] ?? 0)}` : `${name} –`);
  if (scene.target) {
    const unknown = scene.target.how === 'leading' && index > scene.target.values.length;
    parts.push(unknown ? 'ΔW* not known' : `ΔW* ${number(scene.target.values[index - 1] ?? 0)}`);
  }
  const left = scene.alignment?.left[index - 1];
  if (left !== undefined && Number.isFinite(left))
    parts.push(alignmentName(scene, 'left').replace(' (', ` ${number(left)} (`));
  return `direction ${count(index)}: ${parts.join(', ')}`;
}

/** Alignment is that of ΔW, which is not what has these singular values where an initialisation has moved a part of W₀. */
function alignmentName(scene: Scene, side: 'left' | 'right'): string {
  return `subspace match${hasMoved(scene) ? ' of ΔW' : ''} (${side} singular vectors)`;
}

/** How many directions of ΔW are not lost beside the largest. */
function alive(values: ArrayLike<number>): number {
  return Array.from(values).filter((v) => v > 0 && v >= values[0] * 1e-3).length;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const { rank, spectrum: values, target } = scene;
  const largestWanted = target ? ` The largest singular value of ΔW* is ${number(target.values[0])}.` : '';
  const wanted = `${largestWanted}${knownSentence(target)}`;
  if (!values) return `${runState(scene)}${wanted}`;
  if (!(values[0] > 0)) return `${runState(scene)} ${updateName(scene)} = 0: no directions yet.${wanted}`;
  const n = alive(values);
  const directions = `${count(n)} of at most ${count(rank)} direction${rank === 1 ? '' : 's'} above a thousandth of the largest`;
  const step = measuredStep(scene) ?? shownStep(scene);
  const when = step < shownStep(scene) ? ` at step ${count(step)}, where it was last measured,` : '';
  return `${runState(scene)} ${updateName(scene)}${when} has ${directions}, σ₁ = ${number(values[0])}.${wanted} Beyond r = ${count(rank)} nothing can be learned.${pinnedWords(scene, largest)}`;
}

/** The size of the strongest direction of a pinned run, and how many there are. */
function largest({ sampled, rank, pin }: OtherRun): string | null {
  const values = sampled.spectra.at(-1);
  const directions = pin?.directions ?? rank;
  const many = `${count(directions)} direction${directions === 1 ? '' : 's'}${directions > rank ? ', 2r' : ''}`;
  return values ? `${many}, σ₁ = ${number(values[0] ?? 0)}` : null;
}

function table(scene: Scene): Table {
  const { rank, target, spectrum: values, alignment, others } = scene;
  const known = target && knownShort(target);
  const at = (list: ArrayLike<number> | null | undefined, i: number, most = Number.POSITIVE_INFINITY) =>
    list && i < list.length && i < most && Number.isFinite(list[i]) ? list[i] : null;
  return {
    columns: [
      'i',
      known ? `σᵢ of ΔW* (${known})` : 'σᵢ of ΔW*',
      `σᵢ of ${updateName(scene)} at step ${measuredStep(scene) ?? shownStep(scene)}`,
      alignmentName(scene, 'left'),
      alignmentName(scene, 'right'),
      ...others.map(({ name }) => `σᵢ ${name}`),
    ],
    rows: Array.from({ length: valuesOf(scene) }, (_, i) => [
      i + 1,
      at(target?.values, i),
      at(values, i, rank),
      at(alignment?.left, i),
      at(alignment?.right, i),
      ...others.map((other) => at(other.sampled.spectra.at(-1), i, other.pin?.directions ?? other.rank)),
    ]),
  };
}
