import type { Table } from '../../kit/chart/chart.ts';
import type { Figures } from '../file/model.ts';
import type { OpenedFile } from '../state/adapters-state.ts';
import { MODULE_COLUMNS } from '../view/table/module-columns.ts';

/** Every figure of every module, in the order of the file. */
export function modulesTable({ adapter, figures }: OpenedFile): Table {
  return {
    columns: ['name', ...MODULE_COLUMNS.map(({ key }) => key)],
    rows: adapter.modules.map((module, i) => [
      module.name,
      ...MODULE_COLUMNS.map(({ value }) => value({ module, figures: figures[i] ?? null })),
    ]),
  };
}

/** The spectrum of a module, and what each direction adds. */
export function spectrumTable({ sigma }: Figures): Table {
  const energy = sigma.map((value) => value * value);
  // From the small end, so that what is left of a good cut keeps its digits.
  const left = new Float64Array(sigma.length + 1);
  for (let i = sigma.length - 1; i >= 0; i--) left[i] = (left[i + 1] ?? 0) + (energy[i] ?? 0);
  const all = left[0] ?? 0;
  const share = (part: number) => (all > 0 ? part / all : 0);
  return {
    columns: ['direction', 'sigma', 'share of sum of sigma^2 kept', 'relative error if cut here'],
    rows: Array.from(sigma, (value, i) => {
      const lost = share(left[i + 1] ?? 0);
      return [i + 1, value, 1 - lost, Math.sqrt(lost)];
    }),
  };
}
