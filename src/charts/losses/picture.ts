import { number } from '../../experiment/numbers.ts';
import type { Size } from '../chart.ts';
import { type Scale, upright, verticalAxis } from '../drawing/axes.ts';
import { stepColumn } from '../drawing/columns.ts';
import { type MarginLabel, marginLabels } from '../drawing/margin-labels.ts';
import { dot, type Mark, marked, polyline, segment, square } from '../drawing/marks.ts';
import { joined, type Measurement, measuredMarks } from '../drawing/measured.ts';
import { dotRadius, type Plot } from '../drawing/plot.ts';
import { seedMarks } from '../drawing/seeds.ts';
import { sentence } from '../drawing/sentence.ts';
import { trace } from '../drawing/trace.ts';
import { type Losses, lastStep, newestStep, ofRun, otherLook, otherNameLook, type Scene, shownStep } from '../scene.ts';
import { type LossHeight, lossesShown, lossHeight, plainFloor } from './height.ts';

const NO_SAMPLES = 'This target has no samples: its loss is ½‖ΔW − ΔW*‖².';

export function lossesPicture(scene: Scene, size: Size): Mark[] {
  const { plot, x, axis, hover } = stepColumn(scene, size);
  const { curves, samples, others } = scene;
  const empty = scene.empty ?? (samples ? null : NO_SAMPLES);
  if (empty !== null || !samples || curves.length === 0) return [...axis, ...sentence(empty ?? '', plot, size.font)];
  const height = lossHeight(scene, plot, size);
  const shown = shownStep(scene);
  const now = lossesShown(scene);
  const [training, heldOut] = KINDS.map((kind) => lineOf(samples.losses, kind, shown, x, height.y, size.font));
  const batch = trace(curves.loss, 0, newestStep(scene), x, height.y);
  const onAxis = ({ step }: Measurement) => step <= lastStep(scene);
  const radius = dotRadius(size);
  return [
    ...verticalAxis(height.ticks, height.y, plot, size),
    ...axis,
    polyline('batch', 'pin dw faint', batch),
    ...seedMarks('seeds training', 'dw', scene.seeds?.training ?? [], lastStep(scene), x, height.y),
    ...seedMarks('seeds held-out', 'ink', scene.seeds?.heldOut ?? [], lastStep(scene), x, height.y),
    ...others.flatMap((other, i) =>
      KINDS.flatMap((kind) => {
        const list = other.losses ? measurements(other.losses, kind, x, height.y).filter(onAxis) : [];
        const look = kind === 'training' ? otherLook('dw', other, scene) : other.pale ? 'axis' : 'ink-3';
        return marked(measuredMarks(`other ${i} ${kind}`, 'pin', look, joined(list, size.font), size), ofRun(other));
      }),
    ),
    ...measuredMarks('training after', 'pin', 'dw', training.after, size),
    ...measuredMarks('held-out after', 'pin', 'ink-3', heldOut.after, size),
    ...measuredMarks('training', 'line', 'dw', training.until, size),
    ...measuredMarks('held-out', 'line', 'ink', heldOut.until, size),
    // In front: a run that has come down to its floor lies on it.
    ...floorMarks(scene, height, plot),
    upright('cursor', 'hair ink-3', x(shown), plot),
    ...hover,
    ...(now
      ? [
          dot('training head', 'dw', [x(shown), height.y(now.training)], radius),
          square('held-out head', 'ink', [x(shown), height.y(now.heldOut)], radius),
        ]
      : []),
    ...marginLabels(labels(scene, height), plot, size),
  ];
}

/** The values at the heads of the lines, which are the live read-out, and the names of floors and other runs. */
function labels(scene: Scene, { y, foot, largest }: LossHeight): MarginLabel[] {
  const { samples, others } = scene;
  const now = lossesShown(scene);
  const list: MarginLabel[] = [];
  if (now) {
    const head = (key: string, look: string, value: number): MarginLabel => {
      return { key: `${key} label`, look, at: y(value), texts: [`${key} ${number(value)}`, number(value)] };
    };
    list.push(head('training', 'dw strong', now.training), head('held-out', 'ink strong', now.heldOut));
  }
  const floors = [
    ['held-out', samples?.floors.heldOut ?? null] as const,
    ['training', samples?.floors.training ?? null] as const,
  ];
  for (const [name, value] of floors) {
    if (value === null) continue;
    const plain = plainFloor(value, largest);
    const words = `floor ${number(plain)}${plain < foot ? ' ▼' : ''}`;
    list.push({ key: `${name} floor label`, look: 'dwt', at: y(plain), texts: [`${name} ${words}`, [name, words]] });
  }
  // Where every step looks at all samples, the batch is the training set. Its loss leaps from step to step: the label
  // keeps to that of the training loss.
  if (now && samples && samples.batch < samples.count) {
    const texts = [`batch ${number(now.batch)}`];
    list.push({ key: 'batch label', look: 'ink-2', at: y(now.training) + 0.1, texts, optional: true });
  }
  for (const [i, other] of others.entries()) {
    const { name, losses } = other;
    for (const kind of losses ? KINDS : []) {
      const end = losses?.[kind][losses.steps.length - 1];
      if (end === undefined || !Number.isFinite(end)) continue;
      const texts = [`${kind === 'training' ? 'training' : 'held-out'} ${name}`, name];
      const look = otherNameLook(other, scene);
      list.push({ key: `other label ${i} ${kind}`, look, at: y(end), texts, optional: true, more: ofRun(other) });
    }
  }
  return list;
}

const KINDS = ['training', 'heldOut'] as const;
type Kind = (typeof KINDS)[number];

/** One of the two full losses, or every n-th value where there are more than anybody sees. */
function measurements(losses: Losses, kind: Kind, x: Scale, y: Scale): Measurement[] {
  const { steps } = losses;
  const values = losses[kind];
  const stride = Math.max(1, Math.floor(steps.length / 1000));
  return steps.flatMap((step, i): Measurement[] => {
    const kept = i % stride === 0 || i === steps.length - 1;
    return kept && Number.isFinite(values[i]) ? [{ step, at: [x(step), y(values[i])] }] : [];
  });
}

/** The line of a loss, cut at a step to which its last value is carried on. */
function lineOf(losses: Losses, kind: Kind, shown: number, x: Scale, y: Scale, font: number) {
  const all = measurements(losses, kind, x, y);
  const [until, after] = [all.filter(({ step }) => step <= shown), all.filter(({ step }) => step > shown)];
  const last = until.at(-1);
  const here: Measurement[] = last ? [{ step: shown, at: [x(shown), last.at[1]] }] : [];
  return {
    until: joined([...until, ...here], font),
    after: joined(after.length > 0 ? [...here, ...after] : [], font),
  };
}

/** The two floors, dashed; one that lies below the axis is only named. */
function floorMarks({ samples }: Scene, { y, foot, largest }: LossHeight, plot: Plot): Mark[] {
  const line = (key: string, look: string, floor: number | null) => {
    if (floor === null || plainFloor(floor, largest) < foot) return [];
    return [segment(key, `ref dwt ${look}`, [plot.left, y(floor)], [plot.right, y(floor)])];
  };
  if (!samples) return [];
  const { training, heldOut } = samples.floors;
  return [...line('training floor', 'dashed', training), ...line('held-out floor', 'broken', heldOut)];
}
