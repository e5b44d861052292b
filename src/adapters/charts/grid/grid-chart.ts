import { render } from '../../../charts/drawing/render.ts';
import { counted } from '../../../experiment/numbers.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import type { GridLayout } from './grid-layout.ts';
import { cellOutline, gridCells, gridFoot, gridHeads, gridNames } from './grid-picture.ts';
import type { GridPlace, GridScene } from './grid-scene.ts';

/** Pictures of a grid; what scrolls and what stays is the page's. */
export interface GridPictures {
  readonly heads: SVGSVGElement;
  readonly cells: SVGSVGElement;
  readonly foot: SVGSVGElement;
}

/** The grid of an adapter's modules as a chart. */
export const moduleGrid = {
  name: 'moduleGrid',
  draw({ heads, cells, foot }: GridPictures, scene: GridScene, layout: GridLayout): void {
    const across = layout.width - layout.left;
    render(heads, sized(layout, across, layout.head), gridHeads(scene, layout));
    render(cells, sized(layout, across, layout.body), gridCells(scene, layout));
    render(foot, sized(layout, layout.width, layout.foot), gridFoot(scene, layout));
  },
  /** The names of rows, of which that of the chosen cell is bold. */
  names(svg: SVGSVGElement, scene: GridScene, layout: GridLayout, chosen: GridPlace | null): void {
    render(svg, sized(layout, layout.left, layout.body), gridNames(scene, layout, chosen?.[0] ?? null));
  },
  /** The outlines alone: all that a pointer changes. */
  outline(svg: SVGSVGElement, layout: GridLayout, chosen: GridPlace | null, pointed: GridPlace | null): void {
    const same = chosen && pointed && chosen[0] === pointed[0] && chosen[1] === pointed[1];
    render(svg, sized(layout, layout.width - layout.left, layout.body), [
      ...(pointed && !same ? [cellOutline('pointed', 'hair ink', pointed, layout)] : []),
      ...(chosen ? [cellOutline('chosen', 'line ink', chosen, layout)] : []),
    ]);
  },
  describe({ rows, columns, cells }: GridScene): string {
    const modules = cells.filter((cell) => cell !== null).length;
    return `${counted(rows.length, 'row')} by ${counted(columns.length, 'column')}, ${counted(modules, 'module')}.`;
  },
};

const sized = ({ font }: GridLayout, width: number, height: number): Size => ({ width, height, font, short: false });
