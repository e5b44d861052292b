import type { ReactNode } from 'react';
import type { ViewName } from '../../experiment/settings/view.ts';
import { useLab } from '../../ui/page.tsx';
import type { FilePair, FileWork, OpenedFile, WrittenFile } from '../state/adapters-state.ts';
import { EventButton, useAdapters } from './context.tsx';
import { errorWords, megabytes, timeLeftWords } from './size-words.ts';

const TAB_OF: Readonly<Record<WrittenFile['does'], ViewName>> = {
  resize: 'resize',
  merge: 'two',
  convert: 'convert',
  grow: 'resize',
};

/** Progress of opening, reading and writing; while nothing is going, `children`. */
export function WorkProgress({ children }: { readonly children?: ReactNode }) {
  const work = useAdapters((s) => s.work);
  const file = useAdapters((s) => s.files.find(({ reading }) => reading !== null));
  const pair = useAdapters((s) => (s.pair?.reading ? s.pair : null));
  if (work)
    return (
      <Bar name={WORK_NAMES[work.does] ?? 'Writing'} done={work.done} of={work.of}>
        {workWords(work)}
      </Bar>
    );
  if (file?.reading) return <Reading reading={file.reading} of={file.figures.length} what="Module" />;
  if (pair?.reading) return <Reading reading={pair.reading} of={pair.figures.length} what="Pair" />;
  return children;
}

const WORK_NAMES: Readonly<Partial<Record<FileWork['does'], string>>> = { opening: 'Opening', foretell: 'Computing' };

interface BarProps {
  readonly name: string;
  readonly done: number;
  /** 0: unknown. */
  readonly of: number;
  readonly children: ReactNode;
}

function Bar({ name, done, of, children }: BarProps) {
  return (
    <div className="acts going space-below">
      <progress aria-label={name} max={Math.max(1, of)} value={of > 0 ? done : undefined} />
      <span>{children}</span>
      <EventButton className="btn" event={{ type: 'cancel' }}>
        Cancel
      </EventButton>
    </div>
  );
}

function workWords({ does, name, done, of, secondsLeft, back }: FileWork): string {
  const left = timeLeftWords(secondsLeft);
  if (does === 'opening') return of > 0 ? `Training the example: ${done} of ${of} modules${left}` : `Opening ${name}`;
  if (does === 'foretell') return `Computing ${name}${of > 0 ? `: ${done} of ${of}` : ''}${left}`;
  if (back) return `Reading ${name} back: module ${done} of ${of}${left}`;
  return `Writing ${name}${of > 0 ? `: tensor ${done} of ${of}` : ''}${left}`;
}

interface ReadingProps {
  readonly reading: NonNullable<OpenedFile['reading'] | FilePair['reading']>;
  readonly of: number;
  readonly what: 'Module' | 'Pair';
}

function Reading({ reading: { done, secondsLeft, stopped }, of, what }: ReadingProps) {
  if (!stopped)
    return (
      <Bar name="Reading" done={done} of={of}>
        {what} {done} of {of}
        {timeLeftWords(secondsLeft)}
      </Bar>
    );
  return (
    <div className="acts going space-below">
      <span>
        <b>
          Stopped after {done} of {of} {what === 'Module' ? 'modules' : 'pairs'}.
        </b>{' '}
        <span className="note">
          {what === 'Module' ? 'Totals and resize need all of them.' : 'The merged file needs all of them.'}
        </span>
      </span>
      <EventButton className="btn" event={{ type: 'read-rest' }}>
        Read the rest
      </EventButton>
    </div>
  );
}

/** Of a file that was read back, if nothing differs. */
const SAME = {
  convert: 'Read back: every number is the same.',
  grow: 'Read back: no bit of ΔW changed.',
} as const;

/** The written file, in the tab that wrote it. */
export function Done() {
  const view = useLab((s) => s.view.view);
  const written = useAdapters((s) => (s.written !== null && view === TAB_OF[s.written.does] ? s.written : null));
  if (!written) return null;
  const { name, bytes, foretold, measured, config, does } = written;
  return (
    <div className="acts going space-below">
      <span>
        <b>{name}</b>, {megabytes(bytes)}.{' '}
        {measured === 0 && does in SAME
          ? SAME[does as keyof typeof SAME]
          : `Read back: error ${errorWords(measured)}, predicted ${errorWords(foretold)}.`}
        {config && ' It needs adapter_config.json in the same folder.'}
      </span>
      {config && <SaveConfigButton />}
      <EventButton className="btn" event={{ type: 'open-written' }}>
        Open it here
      </EventButton>
    </div>
  );
}

export function SaveConfigButton() {
  return (
    <EventButton className="btn" event={{ type: 'save', what: 'config' }}>
      Save adapter_config.json
    </EventButton>
  );
}

/** For a screen reader: the beginning and the end of reading, never each module. */
export function LiveRegion() {
  const text = useAdapters(({ work, files, written, pair }) => {
    if (work) return `${WORK_NAMES[work.does] ?? 'Writing'} ${work.name}.`;
    if (written) return `${written.name} is written and read back: error ${errorWords(written.measured)}.`;
    const reading = files.find((file) => file.reading);
    if (reading?.reading)
      return reading.reading.stopped
        ? `Stopped after ${reading.reading.done} of ${reading.figures.length} modules.`
        : `Reading ${reading.figures.length} modules of ${reading.adapter.name}.`;
    if (pair?.reading) return `Comparing ${pair.figures.length} pairs of modules.`;
    const last = files.at(-1);
    return last ? `${last.adapter.name}: all ${last.figures.length} modules are read.` : '';
  });
  return (
    <p className="unseen" role="status" aria-live="polite">
      {text}
    </p>
  );
}
