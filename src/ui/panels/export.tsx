import { useState } from 'react';
import { availableCharts } from '../../charts/chart-lookup.ts';
import { sizeText } from '../../experiment/export/sizes.ts';
import { remarkText } from '../../experiment/link/faults.ts';
import { MAX_SHARED } from '../../experiment/link/link.ts';
import { Check, Select } from '../../kit/button.tsx';
import type { Command } from '../../state/events.ts';
import { shownModule } from '../../state/run/run.ts';
import { fileSizesOf, missingFile, SITE_BYTES } from '../../state/run-file/exported-run.ts';
import { shortLinkOf } from '../../state/select.ts';
import { sceneOf } from '../lab-scene.ts';
import { Press, useLab } from '../page.tsx';
import { filmFormat } from '../words/film-format.ts';
import { Copyable } from './copyable.tsx';
import { Dialog } from './dialog.tsx';

const VERSION: string = import.meta.env.VITE_APP_VERSION;

export function ExportPanel() {
  const ready = useLab((s) => s.run.ready !== null);
  const facts = useLab((s) => s.run);
  const swept = useLab((s) => s.sweep.results.size > 0);
  const sizes = ready ? fileSizesOf(facts) : null;
  const file = (command: Command, name: string, size: number | undefined, note: string) => {
    const kind = typeof command === 'object' && 'file' in command && command.file !== 'site' ? command.file : null;
    const missing = kind && missingFile(kind, facts);
    return (
      <li className="row space-below">
        <Save command={command} disabled={!ready || missing !== null}>
          {name}
        </Save>
        <span className="note">
          {size !== undefined && !missing && <>about {sizeText(size)} · </>}
          {missing ?? note}
        </span>
      </li>
    );
  };
  return (
    <Dialog title="Export" kind="export">
      <h3>Keep this run</h3>
      <ul className="files">
        {file(
          'save-run',
          'Run (JSON)',
          sizes?.run,
          'settings, matrices, curves and changes made during the run; drop it on the page to open it again',
        )}
        {swept &&
          file({ file: 'sweep' }, 'Sweep (JSON)', undefined, 'every run of the sweep: settings, figures and link')}
        {file(
          'save-csv',
          'Curves (CSV)',
          sizes?.csv,
          facts.ready?.network
            ? 'loss, gradient and update norms of every step, and accuracies where they were measured'
            : 'loss, error, gradient and update norms of every step',
        )}
        <li className="row space-below">
          <Save command="open-file">Open a run file …</Save>
          <span className="note">a file saved from this page; Undo brings back what is on screen now</span>
        </li>
      </ul>
      <h3>Continue in Python</h3>
      <ul className="files">
        {file(
          { file: 'pytorch' },
          'PyTorch script',
          sizes?.python,
          'needs only torch; starts from the same matrices and prints the same losses; ends with the step to a larger model',
        )}
        {file(
          { file: 'notebook' },
          'Jupyter notebook',
          sizes?.python,
          'the same code as a lesson, cell by cell, for a student to run and change',
        )}
        {file(
          { file: 'peft' },
          'PEFT adapter (ZIP)',
          sizes?.peft,
          'adapter_model.safetensors and adapter_config.json, which Hugging Face PEFT loads',
        )}
      </ul>
      <h3>For a class without a network</h3>
      <ul className="files">
        {file(
          { file: 'site' },
          'This page (ZIP)',
          SITE_BYTES,
          'all files of the page, for any web server or a USB stick; opens at this experiment; a note says how',
        )}
      </ul>
      <Pictures />
      <Film />
      <Said />
      <h3>Cite this run</h3>
      <Cite />
    </Dialog>
  );
}

const NAMES = { svg: 'SVG', png: 'PNG', copy: 'Copy', table: 'CSV' } as const;

function Pictures() {
  const ready = useLab((s) => s.run.ready !== null);
  const painted = useLab((s) => !!shownModule(s)?.wanted);
  const charts = availableCharts(useLab((s) => sceneOf(s, 'step')));
  const [shape, setShape] = useState<'page' | 'slide'>('page');
  const [link, setLink] = useState(true);
  const row = (chart: string, title: string, saves: readonly (keyof typeof NAMES)[], disabled: boolean) => (
    <li className="row space-below" key={chart}>
      <span className="grow">{title}</span>
      {saves.map((save) => (
        <Save key={save} command={{ save, chart, shape, link }} about={title} disabled={disabled}>
          {NAMES[save]}
        </Save>
      ))}
    </li>
  );
  return (
    <>
      <h3>Pictures</h3>
      <p className="row wrap">
        <label>
          For{' '}
          <Select
            className="pick"
            options={[
              ['page', 'a page'],
              ['slide', 'a slide, 16:9'],
            ]}
            value={shape}
            onChange={setShape}
          />
        </label>
        <Check checked={link} onChange={setLink}>
          with the link
        </Check>
      </p>
      <ul className="files">
        {row('matrices', 'Matrices', ['svg', 'png', 'copy'], !painted)}
        {charts.map(({ name, title }) => row(name, title, ['svg', 'png', 'copy', 'table'], !ready))}
      </ul>
    </>
  );
}

function Film() {
  const trained = useLab((s) => s.run.frames.length > 1 && !!shownModule(s)?.wanted);
  const charts = availableCharts(useLab((s) => sceneOf(s, 'step')));
  const [chart, setChart] = useState('error');
  return (
    <>
      <h3>Film of the run</h3>
      <p className="row">
        <Save command={{ film: chart }} disabled={!trained}>
          {`Film (${filmFormat().name})`}
        </Save>
        <label>
          matrices and{' '}
          <Select
            className="pick"
            options={charts.map(({ name, title }) => [name, title])}
            value={chart}
            onChange={setChart}
          />
        </label>
      </p>
      <p className="note">Up to 10 seconds, recorded while you wait. {!trained && 'Train the run first.'}</p>
    </>
  );
}

/** Result of an export since the panel opened: notices are hidden behind the panel. */
function Said() {
  const last = useLab((s) => s.notices.findLast(({ about }) => about === 'file'));
  const [old] = useState(last?.id);
  return (
    <p className="note" role="status">
      {last && last.id !== old && [last.title, ...last.texts.map(remarkText)].join(' ')}
    </p>
  );
}

interface SaveProps {
  readonly command: Command;
  readonly children: string;
  readonly about?: string;
  readonly disabled?: boolean;
}

function Save({ command, children, about, disabled }: SaveProps) {
  return (
    <Press
      disabled={disabled}
      aria-label={about && (children === NAMES.copy ? `Copy the picture: ${about}` : `${about} as ${children}`)}
      event={{ type: 'command', command }}
    >
      {children}
    </Press>
  );
}

function Cite() {
  const link = useLab((s) => shortLinkOf(s, MAX_SHARED));
  const day = new Date().toISOString().slice(0, 10);
  const address = new URL(link, location.href).href;
  const text = `LoRA Explorer contributors. LoRA Explorer, version ${VERSION}. Run of ${day}: ${address}`;
  return <Copyable label="Title, version, date and link" text={text} rows={5} />;
}
