import { count, plural } from '../../experiment/numbers.ts';
import { vline } from '../../kit/chart/axes.ts';
import { dotRadius, type Size, type Table } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Nested, polyline, square } from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import {
  type Losses,
  lastStep,
  liveRunClass,
  type NetworkFacts,
  type OtherRun,
  type RunChart,
  type Scene,
  shownStep,
} from '../chart.ts';
import { epochWords, stepColumn, stepReading, tableOf } from '../drawing/columns.ts';
import { otherName, otherRunClass, otherRuns, seedMarks } from '../drawing/seeds.ts';
import { connect, cutLine, measurementMarks, measurementsOf } from '../drawing/trace.ts';
import { pinnedWords, runState } from '../drawing/words.ts';
import { accuracyAt, NO_NETWORK, shareAxis, shareText } from './shares.ts';

/** The new task and the old one: where their numbers are, and how they are drawn. */
const TASKS = [
  { list: 'accuracy', key: 'new', hue: 'dw', weight: 'main', full: 'dashed', head: dot },
  { list: 'oldAccuracy', key: 'old', hue: 'w0', weight: 'line', full: 'dotted', head: square },
] as const;
type TaskLine = (typeof TASKS)[number];

/**
 * No distance, in font sizes, is too far for a plain line: a slow machine measures fewer steps, and a dotted stretch
 * would be read as full fine-tuning's.
 */
const JOINED = Number.POSITIVE_INFINITY;

const nameOf = ({ newName, oldName }: NetworkFacts, { key }: TaskLine) => (key === 'new' ? newName : oldName);

const shareAt = (losses: Losses | null, { list }: TaskLine, step: number) => accuracyAt(losses, list, step);

export function accuracyPicture(scene: Scene, size: Size): Mark[] {
  const { hover, ...frame } = stepColumn(scene, size);
  const { plot } = frame;
  const { network, seeds } = scene;
  const empty = scene.empty ?? (network ? null : NO_NETWORK);
  if (empty !== null || !network) return picture({ ...frame, marks: sentence(empty ?? '', plot, size.font) });
  const y = shareAxis(plot, size);
  const x = frame.x.scale;
  const shown = shownStep(scene);
  const last = lastStep(scene);
  const line = (losses: Losses | null, { list }: TaskLine) =>
    measurementsOf(losses?.steps ?? [], losses?.[list] ?? [], x, y.scale).filter(({ step }) => step <= last);
  const own = TASKS.map((task) => ({ ...task, ...cutLine(line(network.losses, task), shown, x, JOINED) }));
  return picture({
    ...frame,
    y,
    marks: [
      TASKS.map(({ list, key, hue }) => seedMarks(`seeds ${key}`, hue, seeds?.[list] ?? [], last, x, y.scale)),
      otherRuns(scene, (other, i) =>
        TASKS.map((task) => {
          const className = otherRunClass(task.hue, other, scene);
          return measurementMarks(
            `other ${i} ${task.key}`,
            'pin',
            className,
            connect(line(other.losses, task), JOINED),
            size,
          );
        }),
      ),
      TASKS.map((task) => {
        const points = line(network.reference, task).map(({ at }) => at);
        return points.length > 1 && polyline(`full ${task.key}`, `ref dwt ${task.full}`, points);
      }),
      own.map(({ key, hue, after }) => measurementMarks(`${key} after`, 'pin', `${hue} pale`, after, size)).reverse(),
      own
        .map(({ key, hue, weight, until }) => measurementMarks(key, weight, liveRunClass(hue, scene), until, size))
        .reverse(),
      vline('cursor', 'hair ink-3', x(shown), plot),
      hover,
      TASKS.map((task) => {
        const value = shareAt(network.losses, task, shown);
        return (
          value !== null && task.head(`${task.key} head`, task.hue, [x(shown), y.scale(value)], dotRadius(size) + 1)
        );
      }),
    ],
    names: names(scene, network, y.scale),
  });
}

/** The values at the heads of the lines, which are the live read-out, and the names of other lines with their ends. */
function names(scene: Scene, network: NetworkFacts, y: (share: number) => number): Nested<MarginLabel> {
  const end = lastStep(scene);
  const label = (key: string, className: string, value: number | null, texts: (text: string) => readonly string[]) =>
    value !== null && {
      key: `${key} label`,
      className,
      at: y(value),
      texts: [...texts(shareText(value)), shareText(value)],
    };
  return [
    TASKS.map((task) =>
      label(task.key, `${task.hue} strong`, shareAt(network.losses, task, shownStep(scene)), (text) => [
        `${nameOf(network, task)} ${text}`,
      ]),
    ),
    TASKS.map((task) =>
      label(`full ${task.key}`, 'dwt', shareAt(network.reference, task, end), (text) => [
        `full, ${nameOf(network, task)} ${text}`,
        `full ${text}`,
      ]),
    ),
    scene.others.map((other, i) =>
      TASKS.map((task) => {
        const value = shareAt(other.losses, task, end);
        if (value === null) return null;
        const texts = [`${nameOf(network, task)} ${other.name}`, other.name];
        return { ...otherName(other, scene, `${i} ${task.key}`), at: y(value), texts };
      }),
    ),
  ];
}

export const accuracy: RunChart = {
  name: 'accuracy',
  title: 'Accuracy over training',
  short: 'Accuracy',
  help: ({ network }) => (network ? `right of ${heldOutWords(network)}` : 'share of right answers'),
  ...stepReading,
  draw: drawing(accuracyPicture),
  readout: ({ network, curves }, step) => {
    const values = network && step < curves.length ? valuesAt(network, network.losses, step) : '';
    return values === '' ? '' : `step ${count(step)}: ${values}`;
  },
  ofPin: (pin, { network }) => (network ? ends(pin, network) : null),
  describe,
  table,
};

/** "597 held-out examples, turned and upright". */
function heldOutWords({ heldOut, old, newName, oldName, seen }: NetworkFacts): string {
  if (seen)
    return `${plural(heldOut, 'drawing')} that it trains on, ${newName}, and ${count(old)} held-out examples, ${oldName}`;
  return heldOut === old
    ? `${count(heldOut)} held-out examples, ${newName} and ${oldName}`
    : `held-out examples, ${count(heldOut)} ${newName} and ${count(old)} ${oldName}`;
}

/** "turned 0.774, upright 0.699"; empty if nothing is measured. */
function valuesAt(network: NetworkFacts, losses: Losses | null, step: number): string {
  return TASKS.flatMap((task) => {
    const value = shareAt(losses, task, step);
    return value === null ? [] : [`${nameOf(network, task)} ${shareText(value)}`];
  }).join(', ');
}

function ends({ losses }: OtherRun, network: NetworkFacts): string | null {
  return valuesAt(network, losses, Number.POSITIVE_INFINITY) || null;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const { network } = scene;
  if (!network) return `${runState(scene)} ${NO_NETWORK}`;
  const now = valuesAt(network, network.losses, shownStep(scene));
  if (now === '') return runState(scene);
  const full = valuesAt(network, network.reference, Number.POSITIVE_INFINITY);
  return `${runState(scene)}${epochWords(scene)} Right answers at step ${count(shownStep(scene))}: ${now}.${full && ` Full fine-tuning ends at ${full}.`}${pinnedWords(scene, (pin) => ends(pin, network))}`;
}

/** One row for each step at which one of the runs was measured. */
function table({ network, others }: Scene): Table {
  const runs: readonly (readonly [name: string, losses: Losses | null])[] = network
    ? [
        ['', network.losses],
        ['full fine-tuning', network.reference],
        ...others.map(({ name, losses }) => [name, losses] as const),
      ]
    : [];
  const steps = [...new Set(runs.flatMap(([, losses]) => losses?.steps ?? []))].sort((a, b) => a - b);
  return tableOf(steps, [
    ['step', (step) => step],
    ...runs.flatMap(([name, losses]) => {
      const places = new Map(losses?.steps.map((step, i) => [step, i]));
      if (!network || !losses) return [];
      return TASKS.map((task) => {
        const value = (step: number) => losses[task.list]?.[places.get(step) ?? -1] ?? null;
        return [`${nameOf(network, task)} ${name}`.trim(), value] as const;
      });
    }),
  ]);
}
