import type { Size } from '../chart.ts';
import { type Scale, upright, uprightPoints, verticalAxis } from '../drawing/axes.ts';
import { lastStep, newestStep, shownStep, stepColumn } from '../drawing/columns.ts';
import { dot, type Mark, polyline, segment, square } from '../drawing/marks.ts';
import { coursesOf, joined, type Measurement, measuredMarks } from '../drawing/measured.ts';
import { dotRadius, type Plot } from '../drawing/plot.ts';
import { sentence } from '../drawing/sentence.ts';
import { trace } from '../drawing/trace.ts';
import type { Losses, Scene } from '../scene.ts';
import { type LossHeight, lossesShown, lossHeight, plainFloor } from './height.ts';
import { lossLabels } from './labels.ts';

const NO_SAMPLES = 'This target has no samples: its loss is ½‖ΔW − ΔW*‖².';

export function lossesPicture(scene: Scene, size: Size): Mark[] {
  const { plot, x, axis, hover } = stepColumn(scene, size);
  const { curves, samples, ghost } = scene;
  const empty = scene.empty ?? (samples ? null : NO_SAMPLES);
  if (empty !== null || !samples || curves.length === 0) return [...axis, ...sentence(empty ?? '', plot, size.font)];
  const height = lossHeight(scene, plot, size);
  const shown = shownStep(scene);
  const now = lossesShown(scene);
  const [training, heldOut] = (['training', 'heldOut'] as const).map((kind) =>
    lineOf(samples.losses, kind, shown, x, height.y, size.font),
  );
  const batch = trace(curves.loss, 0, newestStep(scene), x, height.y);
  const onAxis = ({ step }: Measurement) => step <= lastStep(scene);
  const old = (ghost?.losses ? (['training', 'heldOut'] as const) : []).map((kind) =>
    joined(ghost?.losses ? measurements(ghost.losses, kind, x, height.y).filter(onAxis) : [], size.font),
  );
  const radius = dotRadius(size);
  const lines = [training.until, heldOut.until].flatMap(coursesOf);
  const pale = [training.after, heldOut.after, ...old].flatMap(coursesOf);
  const hairs = [...pale, batch, uprightPoints(x(shown), plot)];
  return [
    ...verticalAxis(height.ticks, height.y, plot, size),
    ...axis,
    polyline('batch', 'pin dw faint', batch),
    ...old.flatMap((line, i) => measuredMarks(`ghost ${i}`, 'pin', i === 0 ? 'dw pale' : 'axis', line, size)),
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
    ...lossLabels(scene, size, { plot, x, height, lines, hairs }),
  ];
}

type Kind = 'training' | 'heldOut';

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

/** The same cut at a step, to which its last value is carried on. */
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
