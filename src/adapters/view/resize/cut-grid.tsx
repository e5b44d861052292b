import { useMemo, useRef } from 'react';
import { useWidth } from '../../../kit/media.tsx';
import type { GridCell, GridScene } from '../../../kit/modules/grid-scene.ts';
import { ModuleGrid } from '../../../kit/modules/module-grid.tsx';
import { arrange, groupsOf } from '../../charts/grid/arrange.ts';
import { errorText } from '../../charts/resize/cut-spectrum.ts';
import type { CutPlan } from '../../state/predictions.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { CutPanels } from './cut-panels.tsx';
import { namesOf, typesOf } from './cut-words.ts';

export function CutGrid({ cut }: { readonly cut: CutPlan }) {
  const dispatch = useAdaptersDispatch();
  const picked = useAdapters((s) => s.chosen);
  const { modules } = cut.file.adapter;
  const arranged = useMemo(() => arrange(modules), [modules]);
  const names = useMemo(() => namesOf(modules), [modules]);
  const { rows, columns, cells } = arranged;
  const at = Math.max(0, cells.indexOf(cut.spectra[picked] ? picked : cut.spectra.findIndex((one) => one !== null)));
  const row = Math.floor(at / columns.length);
  const inRow = useMemo(
    () =>
      cells
        .slice(row * columns.length, (row + 1) * columns.length)
        .filter((index): index is number => index !== null && cut.spectra[index] !== null),
    [cells, columns, row, cut.spectra],
  );
  const scene = useMemo((): GridScene => {
    const { spectra, foretold } = cut;
    const largest = Math.max(...spectra.map((one) => one?.sigma[0] ?? 0));
    const highest = Math.max(...modules.map(({ rank }) => rank));
    const cell = (index: number | null): GridCell | null => {
      const module = index === null ? undefined : modules[index];
      if (index === null || !module) return null;
      const of = spectra[index];
      const kept = foretold.ranks[index] ?? module.rank;
      return {
        index,
        text: of ? String(kept) : '–',
        tint: of ? 0.08 + (0.92 * kept) / highest : null,
        beside: of ? { bars: of.sigma, kept } : null,
        flagged: false,
        bad: false,
        words: of
          ? `${names[index]}: ${kept} of ${module.rank} directions kept, error ${errorText(foretold.errors[index] ?? 0)}`
          : `${names[index]}: copied unchanged`,
      };
    };
    return {
      rows: rows.map((text) => ({ text, share: null })),
      columns: columns.map(({ type }) => ({ text: type, share: null })),
      groups: groupsOf(columns),
      cells: cells.map(cell),
      hue: 'dw',
      most: largest,
      widest: String(highest),
      lit: null,
    };
  }, [cut, modules, names, rows, columns, cells]);
  const spectra = useRef<HTMLDivElement>(null);
  const narrow = useWidth() !== 'desk';
  const choose = (module: number) => {
    dispatch({ type: 'choose', module });
    if (narrow) spectra.current?.scrollIntoView({ block: 'start' });
  };
  const shown = inRow.flatMap((index) => modules[index] ?? []);
  return (
    <div className="cut-grid">
      <ModuleGrid
        scene={scene}
        label="Grid of modules with their cuts"
        caption={['number and tint: directions kept', { beside: 'bars: σᵢ on one scale, pale where dropped' }]}
        chosen={cells[at] ?? null}
        onChoose={choose}
      />
      <div ref={spectra} className="cut-row">
        <h3>{rows[row]}</h3>
        <CutPanels cut={cut} modules={inRow} titles={typesOf(shown)} maxCount={3} />
      </div>
    </div>
  );
}
