import './panels.css';
import './lists.css';
import './prose.css';
import './matrices.css';
import './sheet.css';
import { useShown } from '../page.tsx';
import { DifferencePanel } from './difference.tsx';
import { DrawPanel } from './draw.tsx';
import { ExplainPanel } from './explain.tsx';
import { ExportPanel } from './export.tsx';
import { InitsPanel } from './inits.tsx';
import { KeysPanel } from './keys.tsx';
import { MatrixPanel } from './matrix.tsx';
import { MergePanel } from './merge.tsx';
import { PresetsPanel } from './presets.tsx';
import { RailSheet } from './rail-sheet.tsx';
import { SharePanel } from './share.tsx';
import { TablePanel } from './table.tsx';

/** The one panel that is open, if any. */
export function Panels() {
  const panel = useShown((s) => s.panel);
  if (panel === null) return null;
  switch (panel.name) {
    case 'share':
      return <SharePanel />;
    case 'export':
      return <ExportPanel />;
    case 'keys':
      return <KeysPanel />;
    case 'inits':
      return <InitsPanel />;
    case 'draw':
      return <DrawPanel />;
    case 'matrix':
      return <MatrixPanel read={panel.read} />;
    case 'difference':
      return <DifferencePanel />;
    case 'merge':
      return <MergePanel />;
    case 'rail':
      return <RailSheet />;
    case 'presets':
      return <PresetsPanel />;
    case 'explain':
      return <ExplainPanel key={panel.chart} chart={panel.chart} />;
    case 'table':
      return <TablePanel key={panel.chart} chart={panel.chart} />;
    default:
      return panel satisfies never;
  }
}
