/** The room that a picture is drawn into, in px. */
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

/** A picture as a value: pure functions of a scene and a size. */
export interface Drawing<S> {
  /** Draws into an <svg>; called again on every change, it updates what is there (a D3 join). */
  readonly draw: (svg: SVGSVGElement, scene: S, size: Size) => void;
  /** For a screen reader and the CSV's header: what the picture shows now, in one or two sentences. */
  readonly describe: (scene: S) => string;
}

/** A picture with a name of its own, and what stands above it. */
export interface Chart<S> extends Drawing<S> {
  readonly name: string;
  readonly title: string;
  /** Definition and unit in words, below the title. */
  readonly help: (scene: S) => string;
  /** What it shows, number by number. */
  readonly table?: (scene: S) => Table;
}

/** The places of an axis that can be read, whole numbers, and which of them is. */
export interface AxisPlaces {
  readonly first: number;
  readonly last: number;
  /** Where the arrow keys begin. */
  readonly start: number;
  /** Null if none is read. */
  readonly at: number | null;
}

/** A chart that pointer and arrow keys read. */
export interface ReadableChart<S> extends Chart<S> {
  readonly places: (scene: S) => AxisPlaces;
  /** The place under x px from the left edge; null outside the plot. */
  readonly locate: (scene: S, size: Size, x: number) => number | null;
  /** Exact values at a place. */
  readonly readout: (scene: S, at: number) => string;
}
