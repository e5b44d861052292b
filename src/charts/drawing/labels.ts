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
  /** Places beside the plot, for where there is none in it. */
  readonly margin?: readonly Spot[];
  /** Left out where no place is free; another label is then put over a line, which its halo interrupts. */
  readonly optional?: boolean;
}

export interface Room {
  readonly font: number;
  /** Labels stay inside. */
  readonly bounds: Box;
  /** Curves, references and floors, each from left to right: no label lies on them. */
  readonly lines: readonly (readonly Point[])[];
  /** Thin or pale lines, the rule and the cursor: a halo may interrupt them where there is no better place. */
  readonly hairs?: readonly (readonly Point[])[];
  /** Dots and rings, which no label covers. */
  readonly dots?: readonly Box[];
}

function spotBox({ lines, x, y, anchor }: Spot, font: number): Box {
  const boxes = lines.map(({ text, look }, i) =>
    lineBox(text, look.includes('strong'), x, y + i * LEADING * font, anchor, font),
  );
  return {
    left: Math.min(...boxes.map((b) => b.left)),
    right: Math.max(...boxes.map((b) => b.right)),
    top: boxes[0].top,
    bottom: boxes[boxes.length - 1].bottom,
  };
}

/** Gives each label its place; the order of the labels is their order of importance. */
export function placeLabels(labels: readonly Label[], room: Room): Mark[] {
  const taken: Box[] = [...(room.dots ?? [])];
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

/** How far a label moves up or down from where it wants to be before it looks elsewhere, in font sizes. */
const NEAR = 2.5;

/**
 * The first of: a spot where nothing is in the way, one with a shorter text, such a spot moved up or down, one beside
 * the plot. Then an optional label is left out, and any other lies over as few lines as it can.
 */
function findSpot(label: Label, room: Room, taken: readonly Box[]): Spot | null {
  const { font, bounds } = room;
  const { spots, fallback = [], margin = [] } = label;
  const isFree = (spot: Spot) => {
    const box = spotBox(spot, font);
    return inside(box, bounds) && !taken.some((other) => overlap(box, other, font / 3));
  };
  const open = (list: readonly Spot[]) => list.filter((spot) => isFree(spot) && struck(spot, room) === 0);
  const nearest = (list: readonly Spot[], most: number) => {
    for (const moved of outwards(list, most, font)) {
      const found = calmest(open(moved), room);
      if (found) return found;
    }
    return null;
  };
  const first = nearest(spots, 0) ?? nearest(fallback, 0);
  const near = first ?? nearest(spots, NEAR) ?? nearest(fallback, NEAR) ?? nearest(margin, NEAR);
  if (near || label.optional) return near;
  const height = (bounds.bottom - bounds.top) / font;
  const rest = () => [...outwards([...spots, ...fallback, ...margin], height, font)].flat().filter(isFree);
  return nearest(spots, height) ?? nearest(fallback, height) ?? least(rest(), (spot) => struck(spot, room));
}

/** A list of spots where they are, then moved up and down, further and further, by up to `most` font sizes. */
function* outwards(spots: readonly Spot[], most: number, font: number): Generator<readonly Spot[]> {
  yield spots;
  for (let away = 1 / 3; away <= most; away += 1 / 3)
    yield spots.flatMap((spot) => [-1, 1].map((sign) => ({ ...spot, y: spot.y + sign * away * font })));
}

/** How many of the lines that no label may lie on a spot does lie on. */
function struck(spot: Spot, { lines, font }: Room): number {
  const box = spotBox(spot, font);
  return lines.filter((points) => crosses(points, box)).length;
}

/** The first spot over the fewest thin lines. */
function calmest(spots: readonly Spot[], { hairs = [], font }: Room): Spot | null {
  return least(spots, (spot) => hairs.filter((points) => crosses(points, spotBox(spot, font))).length);
}

/** The first of those with the smallest cost. */
function least(spots: readonly Spot[], cost: (spot: Spot) => number): Spot | null {
  let best: { readonly spot: Spot; readonly cost: number } | null = null;
  for (const spot of spots) {
    const now = cost(spot);
    if (!best || now < best.cost) best = { spot, cost: now };
    if (now === 0) break;
  }
  return best?.spot ?? null;
}
