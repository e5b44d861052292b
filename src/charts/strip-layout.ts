import type { StripMode } from './strip-rules.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a text stands; y is its baseline. */
export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Symbol and lines below a matrix. */
export interface Caption {
  readonly x: number;
  /** Baseline of the symbol. */
  readonly symbol: number;
  /** Baselines of the lines under it. */
  readonly lines: readonly number[];
  /** No line may be wider. */
  readonly width: number;
}

export interface StripRequest {
  readonly width: number;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly mode: StripMode;
  /** Most px that A and ΔW may take together in height; left out: what the mode has. Low windows give less. */
  readonly tallest?: number;
}

export interface StripLayout {
  readonly width: number;
  readonly height: number;
  /** px of one entry, the same in every matrix. */
  readonly cell: number;
  /** Font sizes in px. */
  readonly font: number;
  readonly symbolFont: number;
  readonly matrices: {
    readonly W: Rect | null;
    readonly W0: Rect;
    readonly B: Rect;
    readonly A: Rect;
    readonly DW: Rect;
    readonly target: Rect;
    readonly E: Rect;
  };
  /** Centres of = and +; "should" over an arrow over "become"; "leaves". The phone's two rows need only the +. */
  readonly signs: {
    readonly equals: TextPlace | null;
    readonly plus: TextPlace;
    readonly arrow: { readonly from: number; readonly to: number; readonly y: number } | null;
    readonly should: TextPlace | null;
    readonly become: TextPlace | null;
    readonly leaves: TextPlace | null;
  };
  readonly headings: {
    readonly W: TextPlace | null;
    readonly W0: TextPlace;
    readonly A: TextPlace;
    readonly B: TextPlace;
    readonly trained: TextPlace;
    readonly target: TextPlace;
    readonly E: TextPlace;
  };
  readonly captions: {
    readonly W: Caption | null;
    readonly W0: Caption;
    readonly DW: Caption;
    readonly target: Caption;
    readonly E: Caption;
  };
  /** The colour key at top right: bar, and the texts left and right of it. */
  readonly key: { readonly bar: Rect; readonly before: TextPlace; readonly after: TextPlace } | null;
}
