import './panels.css';
import { lazy } from 'react';
import { Check } from '../../kit/choice.tsx';
import { isAdapters } from '../../state/places.ts';
import { History } from '../bar/page-actions.tsx';
import { KEYS } from '../keys/list.ts';
import { useDispatch, useLab } from '../page.tsx';
import { Rail } from '../rail/rail.tsx';
import { AboutPanel } from './about.tsx';
import { Dialog } from './dialog.tsx';
import { DifferencePanel } from './difference.tsx';
import { ExplainPanel } from './explain.tsx';
import { ExportPanel } from './export.tsx';
import { HandInPanel } from './hand-in.tsx';
import { InitsPanel } from './inits.tsx';
import { KeepPanel } from './keep.tsx';
import { MatrixPanel } from './matrix.tsx';
import { MergePanel } from './merge.tsx';
import { SharePanel } from './share.tsx';
import { TablePanel } from './table.tsx';

const PlanRail = lazy(() => import('../sweep/plan-rail.tsx').then((sweep) => ({ default: sweep.PlanRail })));
const ShareOwlPanel = lazy(() => import('./owl/share-owl.tsx'));
const ForgetPanel = lazy(() => import('../bar/forget.tsx'));
const SweepTable = lazy(() => import('../sweep/sweep-table.tsx'));

export function Panels() {
  const panel = useLab((s) => s.panel);
  if (panel === null) return null;
  switch (panel.name) {
    case 'share':
      return <SharePanel />;
    case 'share-owl':
      return <ShareOwlPanel />;
    case 'keep':
      return <KeepPanel />;
    case 'export':
      return <ExportPanel />;
    case 'keys':
      return <KeysPanel />;
    case 'inits':
      return <InitsPanel />;
    case 'matrix':
      return <MatrixPanel read={panel.read} />;
    case 'about':
      return <AboutPanel />;
    case 'forget':
      return <ForgetPanel />;
    case 'difference':
      return <DifferencePanel />;
    case 'merge':
      return <MergePanel />;
    case 'handin':
      return <HandInPanel />;
    case 'rail':
      return <RailSheet />;
    case 'explain':
      return <ExplainPanel key={panel.chart} chart={panel.chart} />;
    case 'table':
      return panel.chart.startsWith('sweep') ? (
        <SweepTable chart={panel.chart} />
      ) : (
        <TablePanel key={panel.chart} chart={panel.chart} />
      );
    default:
      return panel satisfies never;
  }
}

/** The whole rail, if the page has no column for it. */
function RailSheet() {
  const sweeps = useLab((s) => s.view.view === 'sweep');
  return (
    <Dialog title="Set up" kind="sheet">
      <History />
      {sweeps ? <PlanRail /> : <Rail />}
    </Dialog>
  );
}

/** Shortcuts of the page of adapters, which handles them itself. */
const ADAPTER_KEYS: readonly Pick<(typeof KEYS)[number], 'shown' | 'does'>[] = [
  { shown: ['[', ']'], does: 'overview: previous, next module' },
  { shown: ['t'], does: 'overview: the table of all modules' },
  { shown: ['e'], does: 'overview: save the table as CSV' },
  { shown: ['Enter'], does: 'grid: choose the module that the arrow keys have led to' },
  { shown: ['Esc'], does: 'grid: back to the chosen module; close a panel' },
];

function KeysPanel() {
  const on = useLab((s) => s.shortcuts);
  const adapters = useLab((s) => isAdapters(s.view));
  const dispatch = useDispatch();
  return (
    <Dialog title="Shortcuts" kind="keys">
      <Check checked={on} onChange={(checked) => dispatch({ type: 'shortcuts', on: checked })}>
        Use keyboard shortcuts
      </Check>
      <table>
        <caption className="unseen">What each key does</caption>
        <tbody>
          {(adapters ? ADAPTER_KEYS : KEYS).map(({ shown, does }) => (
            <tr key={does}>
              <th scope="row">
                {shown.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="note">
        They are off while you type. Outside Present, Space and the arrow keys scroll the page or act on the control,
        chart or matrix that has the focus. Undo and redo work even if shortcuts are turned off.
      </p>
    </Dialog>
  );
}
