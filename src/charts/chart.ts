import type { NEEDS } from './needs.ts';
import type { Hover, OtherRun, Scene } from './scene.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
  /** Text and stroke sizes in px: 12 on a desk, 22 on a projector. */
  readonly font: number;
  /** Fewer words where there is no room: phone and tablet. */
  readonly short: boolean;
}

/** A table: what the chart shows, number by number. Also its CSV. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string | null)[])[];
}

/** The shares of a whole, largest first, and how many equal ones count as much. */
export interface Shares {
  readonly values: readonly number[];
  readonly equal: number;
  readonly words: string;
}

/** A chart as a value: pure functions of a scene and a size. The scene is a run, or whatever else there is to draw. */
export interface Chart<S = Scene> {
  /** Also that of its line in needs.ts: what the engine has to compute for it. */
  readonly name: keyof typeof NEEDS;
  readonly title: string;
  /** For a tab on a phone. */
  readonly short: string;
  /** Definition and unit in words, below the title. */
  readonly help: (scene: S) => string;
  /** The axis that it shares with its column. */
  readonly axis: Hover['axis'];
  /** Draws into an <svg>; called again on every change, it updates what is there (a D3 join). */
  readonly draw: (svg: SVGSVGElement, scene: S, size: Size) => void;
  /** The position on the shared axis under x px from the left edge; null outside the plot. */
  readonly locate: (scene: S, size: Size, x: number) => Hover | null;
  /** Exact values at a hovered index or step, for the title row. */
  readonly readout: (scene: S, hover: Hover) => string;
  /** What a pinned run has come to, in few words, for the title row while it is raised; null where that is not known. */
  readonly ofPin?: (pin: OtherRun, scene: S) => string | null;
  /** For a screen reader and the CSV's header: what the picture shows now, in one or two sentences. */
  readonly describe: (scene: S) => string;
  readonly table: (scene: S) => Table;
}

/** "What am I looking at": paragraphs, and the formula with this run's numbers put in. */
export interface Explanation {
  readonly paragraphs: readonly string[];
  readonly formula: string;
  readonly numbers: string;
  /** Drawn beside the words, where the formula is about shares. */
  readonly shares?: Shares;
}
