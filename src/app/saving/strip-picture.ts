import { layoutPicture, layoutStrip, type StripLayout, type StripMode } from '../../charts/matrices/strip-layout.ts';
import { shownFrame } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { scalingShown } from '../../ui/scene-of.ts';
import type { CaptionFacts } from '../../ui/strip/captions.ts';
import { type PlacedMatrix, placed } from '../../ui/strip/matrices.tsx';
import { planesOf } from '../../ui/strip/planes.ts';
import { type Scales, scalesOf } from '../../ui/strip/scales.ts';
import { factsOf } from '../../ui/strip/use-facts.ts';
import { paintable } from '../../ui/strip/use-painted.ts';

/** The room that a strip has in a file. */
export interface StripRoom {
  readonly width: number;
  readonly mode: StripMode;
  /** Most px of a cell of a 64 × 64 matrix. */
  readonly cell: number;
}

/** The strip at the step on show, ready to be painted into a file. */
export interface StripPicture {
  readonly layout: StripLayout;
  readonly facts: CaptionFacts;
  readonly scales: Scales;
  readonly matrices: readonly PlacedMatrix[];
}

/** A 64 × 64 matrix with its A of rank 8. */
const USUAL_ROWS = 72;

/** Null where the run has no matrices that can be shown. `before`: scales below which those of A and B do not fall. */
export function stripPicture(state: State, room: StripRoom, before: Scales | null = null): StripPicture | null {
  const module = paintable(state);
  const frame = shownFrame(state);
  if (!module || !frame) return null;
  const { width, mode, cell } = room;
  const { d, k, rank } = module;
  const scaling = scalingShown(state);
  const planes = planesOf(module, frame.A, frame.B, scaling, 'update');
  const facts = factsOf(state, { planes, means: planes, drawn: 'means', split: 'update' }, 'target');
  const pictured = facts.portrait !== null;
  const scales = scalesOf(planes, module.basePlane.mean, rank, scaling, before, pictured);
  const layout = pictured
    ? layoutPicture({ width, d, k, rank, mode, most: Math.floor(cell) })
    : layoutStrip({ width, d, k, rank, mode, tallest: cell * USUAL_ROWS });
  return { layout, facts, scales, matrices: placed({ layout, facts, painted: { planes, scales } }) };
}
