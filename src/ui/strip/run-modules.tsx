import { useMemo } from 'react';
import { number } from '../../experiment/numbers.ts';
import type { HistoryModule } from '../../experiment/run-file/run-record.ts';
import { effectiveRankOf } from '../../experiment/settings/metric.ts';
import type { GridCell, GridScene } from '../../kit/modules/grid-scene.ts';
import { ModuleGrid } from '../../kit/modules/module-grid.tsx';
import { measuredFrameAt } from '../../state/run/history.ts';
import { shownIndex } from '../../state/run/run.ts';
import { shownStep } from '../../state/select.ts';
import { useDispatch, useLab } from '../page.tsx';

/**
 * Modules of a run at a frame: "layer 0.q", or "0.q", is column q of row "layer 0". A cell is the effective rank exp(−Σ pᵢ ln pᵢ)
 * of the module's ΔW, pᵢ = σᵢ/Σσ, with its singular values. `modules`: in the order of the names, or null before the
 * first frame.
 */
export function gridOfRun(
  names: readonly string[],
  modules: readonly Pick<HistoryModule, 'spectrum'>[] | null,
): GridScene {
  const rowOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf('.')));
  const columnOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);
  const [rows, columns] = [rowOf, columnOf].map((of) => [...new Set(names.map(of))]);
  const spectra = names.map((_, index) => modules?.[index]?.spectrum ?? null);
  const ranks = spectra.map((sigma) => sigma && effectiveRankOf(sigma));
  const max = Math.max(1, ...ranks.map((rank) => rank ?? 0));
  const cellAt = (row: string, column: string): GridCell | null => {
    const index = names.findIndex((name) => rowOf(name) === row && columnOf(name) === column);
    if (index < 0) return null;
    const [sigma, rank] = [spectra[index], ranks[index]];
    return {
      ...{ index, flagged: false, bad: false, beside: sigma && { bars: sigma, kept: null } },
      text: rank === null ? '' : number(rank, 2),
      tint: rank === null ? null : rank / max,
      words: `${names[index]}: ${rank === null ? 'not known yet' : `effective rank ${number(rank, 2)}`}`,
    };
  };
  const heads = (texts: readonly string[]) => texts.map((text) => ({ text, share: null }));
  return {
    ...{
      rows: heads(rows.map((row) => (/^\d+$/.test(row) ? `layer ${row}` : row))),
      columns: heads(columns),
      groups: [],
      hue: 'dw',
      widest: '10.5',
      lit: null,
    },
    cells: rows.flatMap((row) => columns.map((column) => cellAt(row, column))),
    most: Math.max(0, ...spectra.map((sigma) => sigma?.[0] ?? 0)),
  };
}

const HEADS = 60;
const ROW = 26;

export default function RunModules() {
  const list = useLab((state) => state.run.modules);
  const modules = useLab((state) => measuredFrameAt(state.run.frames, shownStep(state))?.modules ?? null);
  const chosen = useLab(shownIndex);
  const dispatch = useDispatch();
  const scene = useMemo(
    () =>
      gridOfRun(
        list.map(({ name }) => name),
        modules,
      ),
    [list, modules],
  );
  return (
    <div style={{ display: 'flex', flexDirection: 'column', minHeight: HEADS + ROW * scene.rows.length }}>
      <ModuleGrid
        scene={scene}
        label="Modules, coloured by effective rank"
        caption={['number and tint: effective rank of ΔW', { beside: 'bars: singular values' }]}
        chosen={chosen}
        onChoose={(index) => dispatch({ type: 'viewed', changes: { module: list[index].name } })}
      />
    </div>
  );
}
