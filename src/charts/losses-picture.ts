import { type Scale, upright, uprightPoints, verticalAxis } from './axes.ts';
import type { Size } from './chart.ts';
import { lastStep, newestStep, shownStep, stepColumn } from './columns.ts';
import { type LossHeight, lossHeight } from './loss-height.ts';
import { lossLabels } from './loss-labels.ts';
import { lossesShown, plainFloor } from './loss-values.ts';
import { dot, type Mark, type Point, polyline, segment, square } from './marks.ts';
import { dotRadius, type Plot } from './plot.ts';
import type { Losses, Scene } from './scene.ts';
import { sentence } from './sentence.ts';
import { trace } from './thin.ts';

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
    lineOf(samples.losses, kind, shown, x, height.y),
  );
  const batch = trace(curves.loss, 0, newestStep(scene), x, height.y);
  const old = (ghost?.losses ? (['training', 'heldOut'] as const) : []).map((kind) =>
    ghost?.losses ? lineOf(ghost.losses, kind, lastStep(scene), x, height.y, false).until : [],
  );
  const radius = dotRadius(size);
  const lines = [training.until, heldOut.until];
  const hairs = [training.after, heldOut.after, batch, ...old, uprightPoints(x(shown), plot)];
  return [
    ...verticalAxis(height.ticks, height.y, plot, size),
    ...axis,
    polyline('batch', 'pin dw faint', batch),
    ...old.map((points, i) => polyline(`ghost ${i}`, i === 0 ? 'pin dw pale' : 'pin axis', points)),
    ...(training.after.length > 1 ? [polyline('training after', 'pin dw', training.after)] : []),
    ...(heldOut.after.length > 1 ? [polyline('held-out after', 'pin ink-3', heldOut.after)] : []),
    polyline('training', 'line dw', training.until),
    polyline('held-out', 'line ink', heldOut.until),
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

/** One of the two full losses, cut at a step, to which its last value can be carried on. */
function lineOf(losses: Losses, kind: 'training' | 'heldOut', shown: number, x: Scale, y: Scale, carried = true) {
  const { steps } = losses;
  const values = losses[kind];
  const until: Point[] = [];
  const after: Point[] = [];
  const stride = Math.max(1, Math.floor(steps.length / 1000));
  for (let i = 0; i < steps.length; i++) {
    if (!Number.isFinite(values[i]) || (i % stride !== 0 && i !== steps.length - 1)) continue;
    const point: Point = [x(steps[i]), y(values[i])];
    if (steps[i] <= shown) until.push(point);
    else after.push(point);
  }
  const last = until.at(-1);
  if (last && carried) {
    until.push([x(shown), last[1]]);
    if (after.length > 0) after.unshift([x(shown), last[1]]);
  }
  return { until, after };
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
