import { scaleLinear } from 'd3-scale';
import { count, display } from '../../experiment/numbers.ts';
import type { UpdateSize } from '../../experiment/run-file/run-record.ts';
import { axisNameBelow, fitTicks, heightScale, ticksAt } from '../../kit/chart/axes.ts';
import { dotRadius, type ReadableChart, type Size } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Point, withAttributes } from '../../kit/chart/marks.ts';
import { drawing, picture } from '../../kit/chart/picture.ts';
import type { MethodPath } from '../chart.ts';
import { byRate, nearestDot, ownLast, pathMarks, pathNames, valuesAt } from './kept.ts';
import { plotOverRow } from './shares.ts';

type UpdatePoint = Omit<UpdateSize, 'name'>;

export interface IntrudersScene {
  /** The matrix, in the words of the page. */
  readonly matrix: string;
  readonly paths: readonly MethodPath<UpdatePoint>[];
  /** Of this run; null: it is not LoRA with both factors. */
  readonly rank: number | null;
  /** A dot, counted through all paths. */
  readonly pointed: number | null;
}

const TOP = 10;

const dotsOf = ({ paths }: IntrudersScene) =>
  paths.flatMap((path) => byRate(path).map((point) => ({ ...point, method: path.name })));

function frameOf(scene: IntrudersScene, size: Size) {
  const plot = plotOverRow(size);
  const largest = Math.max(0.1, ...dotsOf(scene).map(({ relativeSize }) => relativeSize));
  const x = scaleLinear([0, 1.05 * largest], [plot.left, plot.right]);
  const y = heightScale(plot, TOP);
  const at = ({ relativeSize, intruders }: UpdatePoint): Point => [x(relativeSize), y(intruders)];
  const ticks = fitTicks(ticksAt(x.ticks(4), display), x, size.font);
  return { size, plot, x: { scale: x, ticks }, y: { scale: y, ticks: ticksAt([0, 5, TOP]) }, at };
}

export function intrudersPicture(scene: IntrudersScene, size: Size): Mark[] {
  const { at, ...frame } = frameOf(scene, size);
  const paths = ownLast(scene.paths, scene);
  const pointed = dotsOf(scene)[scene.pointed ?? -1];
  return picture({
    ...frame,
    marks: [
      axisNameBelow('‖ΔW‖/‖W₀‖', frame.plot, size),
      pathMarks(paths, scene, at, () => dotRadius(size)),
      pointed && withAttributes(dot('pointed', '', at(pointed), dotRadius(size) + 4), { class: 'stroke ref ink' }),
    ],
    names: pathNames(paths, scene, (path) => byRate(path).slice(-1).map(at)),
  });
}

const wordsOf = ({ intruders, relativeSize }: UpdatePoint) =>
  `${count(intruders)} of ${TOP} at ‖ΔW‖/‖W₀‖ = ${display(relativeSize)}`;

/** The number of intruders of a method at a size, between the ends of its runs; null: no run reaches it. */
function countAt({ points }: MethodPath<UpdatePoint>, size: number): number | null {
  const bySize = points.map(({ relativeSize, intruders }): Point => [relativeSize, intruders]);
  return (
    valuesAt(
      bySize.sort(([a], [b]) => a - b),
      size,
    )[0] ?? null
  );
}

/** At the largest size that both methods reach; differences below one direction are not named. */
export function intrudersSentence({ paths, rank }: IntrudersScene): string {
  const [full, own] = [paths.find(({ kind }) => kind === 'full'), paths.find((path) => path.rank === rank)];
  if (!full || !own || rank === null) return '';
  const sizes = [full, own].map(({ points }) => Math.max(...points.map(({ relativeSize }) => relativeSize)));
  const size = Math.min(...sizes);
  const [many, few] = [countAt(full, size), countAt(own, size)];
  if (many === null || few === null) return '';
  const same = `At the same size, ${display(size)} of W₀,`;
  const name = `LoRA at rank ${count(rank)}`;
  const numbers = (a: number, b: number) => `${a.toFixed(1)} against ${b.toFixed(1)}`;
  if (Math.abs(many - few) < 1) return `${same} full fine-tuning and ${name} bring about as many intruders.`;
  return many > few
    ? `${same} full fine-tuning brings more intruders than ${name}: ${numbers(many, few)}.`
    : `${same} ${name} brings more intruders than full fine-tuning: ${numbers(few, many)}.`;
}

export const intruders: ReadableChart<IntrudersScene> = {
  name: 'intruders',
  title: 'Intruders against size',
  help: ({ matrix }) =>
    `${matrix}: leading directions of W₀ + ΔW with |cos| < 0.5 to all of W₀ ↑; dots: learning rates`,
  places: (scene) => ({ first: 0, last: dotsOf(scene).length - 1, start: 0, at: scene.pointed }),
  locate: (scene, size, px, py = 0) => {
    const { at, plot } = frameOf(scene, size);
    return nearestDot(dotsOf(scene).map(at), plot, [px, py]);
  },
  readout: (scene, i) => {
    const one = dotsOf(scene)[i];
    return one ? `${one.method}, rate ${display(one.rate)}: ${wordsOf(one)}` : '';
  },
  draw: drawing(intrudersPicture),
  describe: (scene) =>
    [
      `Intruder dimensions of the matrix ${scene.matrix} against the size of its update, a line for each method.`,
      ...scene.paths.map((path) => `${path.name}: ${byRate(path).map(wordsOf).join(', ')}.`),
      intrudersSentence(scene),
    ]
      .filter(Boolean)
      .join(' '),
};

/** "What am I looking at", in paragraphs. */
export const explainIntruders = (): readonly string[] => [
  `Up: how many of the ${TOP} strongest left singular directions of W₀ + ΔW are intruders: no left singular vector of W₀ has a cosine of 0.5 or more with them (arXiv 2410.21228).`,
  'To the right: the size of the update, ‖ΔW‖/‖W₀‖. The dots of a method are runs with different learning rates, at their last step; faster rates move W further.',
  'Two methods are comparable at the same size: an update of LoRA is often larger than one of full fine-tuning that learns as much.',
];
