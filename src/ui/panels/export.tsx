import { chartsWith } from '../../charts/all.ts';
import { LONGEST_SHARED } from '../../experiment/link/link.ts';
import type { Command } from '../../state/events.ts';
import { shortLinkOf } from '../../state/select.ts';
import { useDispatch, useShown } from '../page.tsx';
import { sceneOf } from '../scene-of.ts';
import { Copyable } from './copyable.tsx';
import { Dialog } from './dialog.tsx';

const VERSION: string = import.meta.env.VITE_APP_VERSION;

/** The run as files, each chart as a picture and as numbers, and how to cite it. */
export function ExportPanel() {
  const ready = useShown((s) => s.run.ready !== null);
  const charts = chartsWith(useShown((s) => sceneOf(s, 'step')));
  return (
    <Dialog title="Export" kind="export">
      <h3>This run</h3>
      <ul className="files">
        <li>
          <Save command="save-run" disabled={!ready}>
            Run (JSON)
          </Save>
          <span className="note">
            settings, matrices, curves and changes made during the run; drop it on the page to open it again
          </span>
        </li>
        <li>
          <Save command="save-csv" disabled={!ready}>
            Curves (CSV)
          </Save>
          <span className="note">loss, error, gradient and update norms of every step</span>
        </li>
        <li>
          <Save command="open-file">Open a run file …</Save>
          <span className="note">a file saved from this page; Undo brings back what is on screen now</span>
        </li>
      </ul>
      <h3>Charts</h3>
      <ul className="files">
        {charts.map(({ name, title }) => (
          <li key={name}>
            <span className="what">{title}</span>
            {(['svg', 'png', 'table'] as const).map((save) => (
              <Save key={save} command={{ save, chart: name }} about={title} disabled={!ready}>
                {save === 'table' ? 'CSV' : save.toUpperCase()}
              </Save>
            ))}
          </li>
        ))}
      </ul>
      <h3>Cite this run</h3>
      <Cite />
    </Dialog>
  );
}

interface SaveProps {
  readonly command: Command;
  readonly children: string;
  readonly about?: string;
  readonly disabled?: boolean;
}

function Save({ command, children, about, disabled }: SaveProps) {
  const dispatch = useDispatch();
  return (
    <button
      type="button"
      className="btn"
      disabled={disabled}
      aria-label={about && `${about} as ${children}`}
      onClick={() => dispatch({ type: 'command', command })}
    >
      {children}
    </button>
  );
}

function Cite() {
  const link = useShown((s) => shortLinkOf(s, LONGEST_SHARED));
  const day = new Date().toISOString().slice(0, 10);
  const address = new URL(link, location.href).href;
  const text = `LoRA Explorer contributors. LoRA Explorer, version ${VERSION}. Run of ${day}: ${address}`;
  return <Copyable label="Title, version, date and link" text={text} rows={5} />;
}
