import { type Anchor, type Mark, type Point, words } from './marks.ts';
import { textWidth } from './text-width.ts';

/** One line of a label. */
export interface Line {
  readonly text: string;
  /** Classes of charts.css; `strong` also makes the estimate of the width wider. */
  readonly look: string;
}

/** A place where a label may stand; y is the baseline of its first line. */
export interface Spot {
  readonly lines: readonly Line[];
  readonly x: number;
  readonly y: number;
  readonly anchor: Anchor;
}

/** A label and the places that it may take, the best first. */
export interface Label {
  readonly key: string;
  readonly spots: readonly Spot[];
  /** Shorter texts for where none of these is free. */
  readonly fallback?: readonly Spot[];
  /** Left out where no place is free; other labels move up or down until there is room. */
  readonly optional?: boolean;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Room {
  readonly font: number;
  /** Labels stay inside. */
  readonly bounds: Box;
  /** Lines that a label should rather not cover. */
  readonly lines: readonly (readonly Point[])[];
}

/** Baselines keep this many font sizes apart. */
export const LEADING = 1.2;
/** Of a line's height, the part above its baseline. */
const ASCENT = 0.93;

/** The box of one line of text, LEADING font sizes high. */
export function lineBox(text: string, strong: boolean, x: number, y: number, anchor: Anchor, font: number): Box {
  const width = textWidth(text, font, strong);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: y - ASCENT * font, bottom: y + (LEADING - ASCENT) * font };
}

function spotBox({ lines, x, y, anchor }: Spot, font: number): Box {
  const boxes = lines.map(({ text, look }, i) =>
    lineBox(text, isStrong(look), x, y + i * LEADING * font, anchor, font),
  );
  return {
    left: Math.min(...boxes.map((b) => b.left)),
    right: Math.max(...boxes.map((b) => b.right)),
    top: boxes[0].top,
    bottom: boxes[boxes.length - 1].bottom,
  };
}

const isStrong = (look: string) => look.includes('strong');

/** True where two boxes share more than an edge; sideways they keep a small gap. */
export function overlap(a: Box, b: Box, gap = 0): boolean {
  const slack = 0.01;
  return a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom - slack && b.top < a.bottom - slack;
}

const inside = (a: Box, b: Box) =>
  a.left >= b.left && a.right <= b.right && a.top >= b.top - 0.01 && a.bottom <= b.bottom + 0.01;

/**
 * Gives each label its place: the first spot that is inside, free of labels placed before, and off the lines; else the
 * first that is inside and free; else as near to the first spot as there is room, up or down. The order of the labels
 * is their order of importance.
 */
export function placeLabels(labels: readonly Label[], room: Room): Mark[] {
  const taken: Box[] = [];
  return labels.flatMap((label) => {
    const spot = findSpot(label, room, taken);
    if (!spot) return [];
    taken.push(spotBox(spot, room.font));
    return spot.lines.map(({ text, look }, i) =>
      words(
        i === 0 ? label.key : `${label.key}-${i}`,
        look,
        [spot.x, spot.y + i * LEADING * room.font],
        spot.anchor,
        text,
      ),
    );
  });
}

function findSpot(label: Label, room: Room, taken: readonly Box[]): Spot | null {
  const { font, bounds } = room;
  const isFree = (box: Box) => inside(box, bounds) && !taken.some((other) => overlap(box, other, font / 3));
  for (const spots of [label.spots, label.fallback ?? []]) {
    const free = spots.filter((spot) => isFree(spotBox(spot, font)));
    const clear = free.find((spot) => !room.lines.some((points) => crosses(points, spotBox(spot, font))));
    if (clear ?? free[0]) return clear ?? free[0];
  }
  if (label.optional) return null;
  for (const spot of [...label.spots, ...(label.fallback ?? [])]) {
    const height = bounds.bottom - bounds.top;
    for (let away = 0; away <= height; away += font / 4) {
      for (const y of [spot.y - away, spot.y + away]) if (isFree(spotBox({ ...spot, y }, font))) return { ...spot, y };
    }
  }
  return null;
}

/** True where a line through points passes through a box. */
export function crosses(points: readonly Point[], box: Box): boolean {
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1];
    const [x1, y1] = points[i];
    if (Math.max(x0, x1) < box.left || Math.min(x0, x1) > box.right) continue;
    if (Math.max(y0, y1) < box.top || Math.min(y0, y1) > box.bottom) continue;
    if (meets(x0, y0, x1 - x0, y1 - y0, box)) return true;
  }
  return false;
}

/** The part of a segment that lies between each pair of the box's edges; it meets the box where these parts meet. */
function meets(x0: number, y0: number, dx: number, dy: number, box: Box): boolean {
  let enter = 0;
  let leave = 1;
  for (const [from, step, low, high] of [
    [x0, dx, box.left, box.right],
    [y0, dy, box.top, box.bottom],
  ]) {
    if (step === 0) {
      if (from < low || from > high) return false;
      continue;
    }
    const a = (low - from) / step;
    const b = (high - from) / step;
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  return enter <= leave;
}

/**
 * Moves heights as little as possible until each is at least `gap` below the one before it and all lie between low and
 * high; the order stays. Where there is no room for all, the last ones run over high.
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  // Stacks of labels that touch: where two stacks meet they become one, at the mean of what their labels want.
  const stacks: { sum: number; members: number[] }[] = [];
  const top = ({ sum, members }: { sum: number; members: number[] }) => {
    const room = Math.max(low, high - (members.length - 1) * gap);
    return Math.min(room, Math.max(low, sum / members.length));
  };
  for (const i of order) {
    let stack = { sum: wanted[i], members: [i] };
    for (
      let above = stacks.at(-1);
      above && top(above) + above.members.length * gap > top(stack);
      above = stacks.at(-1)
    ) {
      const n = above.members.length;
      stack = {
        sum: above.sum + stack.sum - stack.members.length * n * gap,
        members: [...above.members, ...stack.members],
      };
      stacks.pop();
    }
    stacks.push(stack);
  }
  const result = [...wanted];
  for (const stack of stacks) {
    for (const [place, i] of stack.members.entries()) result[i] = top(stack) + place * gap;
  }
  return result;
}
