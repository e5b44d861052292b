import { type Box, crosses, inside, LEADING, lineBox, overlap } from './boxes.ts';
import { type Anchor, type Mark, type Point, words } from './marks.ts';

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

export interface Room {
  readonly font: number;
  /** Labels stay inside. */
  readonly bounds: Box;
  /** Lines that a label should rather not cover. */
  readonly lines: readonly (readonly Point[])[];
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
