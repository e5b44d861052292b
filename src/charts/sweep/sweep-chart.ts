import type { Size, Table } from '../chart.ts';
import type { SweepScene } from './cells.ts';

/** A chart of a sweep as a value: pure functions of a scene and a size. */
export interface SweepChart {
  readonly name: string;
  readonly title: (scene: SweepScene) => string;
  /** What is drawn and over how many seeds, below the title. */
  readonly help: (scene: SweepScene) => string;
  readonly draw: (svg: SVGSVGElement, scene: SweepScene, size: Size) => void;
  /** For a screen reader and the CSV's header. */
  readonly describe: (scene: SweepScene) => string;
  readonly table: (scene: SweepScene) => Table;
}
