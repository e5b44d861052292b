/** In px. */
export interface Size {
  readonly width: number;
  readonly height: number;
  readonly font: number;
  /** Less text on phones and tablets. */
  readonly short: boolean;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string | null)[])[];
}

export interface Drawing<S> {
  /** Draws into an <svg>; called again on every change, it updates the existing elements (a D3 join). */
  readonly draw: (svg: SVGSVGElement, scene: S, size: Size) => void;
  /** The current picture in one or two sentences, for screen readers and the header of the CSV. */
  readonly describe: (scene: S) => string;
}

export interface Chart<S> extends Drawing<S> {
  readonly name: string;
  readonly title: string;
  readonly help: (scene: S) => string;
  readonly table?: (scene: S) => Table;
}

/** The readable places of an axis, whole numbers, and the one that is read. */
export interface AxisPlaces {
  readonly first: number;
  readonly last: number;
  /** Start of the arrow keys. */
  readonly start: number;
  /** If none is read, null. */
  readonly at: number | null;
}

export interface ReadableChart<S> extends Chart<S> {
  readonly places: (scene: S) => AxisPlaces;
  /** The place under a point, in px from the upper left corner; null outside the plot. Most places are at an x alone. */
  readonly locate: (scene: S, size: Size, x: number, y?: number) => number | null;
  readonly readout: (scene: S, at: number) => string;
}
