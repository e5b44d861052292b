import type { AdaptersTab, FilePair, OpenedFile, Work, WrittenFile } from '../state/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from './context.tsx';
import { errorWords, leftWords, megabytes } from './size-words.ts';

const TAB_OF: Readonly<Record<WrittenFile['does'], AdaptersTab>> = {
  resize: 'resize',
  merge: 'two',
  convert: 'convert',
};

/** What is being read or written, with the way to stop it; what was stopped; what was written. */
export function Going() {
  const work = useAdapters((s) => s.work);
  const file = useAdapters((s) => s.files.find(({ reading }) => reading !== null));
  const pair = useAdapters((s) => (s.pair?.reading ? s.pair : null));
  // With what it came of, and nowhere else.
  const written = useAdapters((s) => s.written !== null && s.tab === TAB_OF[s.written.does]);
  if (work) return <Working work={work} />;
  if (file?.reading) return <Reading reading={file.reading} of={file.figures.length} what="Module" />;
  if (pair?.reading) return <Reading reading={pair.reading} of={pair.figures.length} what="Pair" />;
  return written && <Done />;
}

function Working({ work: { does, name, done, of, secondsLeft, back } }: { readonly work: Work }) {
  const dispatch = useAdaptersDispatch();
  const opens = does === 'opening';
  const example = opens && of > 0;
  const text = example
    ? `Training the example: ${done} of ${of} modules${leftWords(secondsLeft)}`
    : opens
      ? `Opening ${name}`
      : back
        ? `Reading ${name} back: module ${done} of ${of}${leftWords(secondsLeft)}`
        : `Writing ${name}${of > 0 ? `: tensor ${done} of ${of}` : ''}${leftWords(secondsLeft)}`;
  return (
    <div className="going">
      <progress aria-label={opens ? 'Opening' : 'Writing'} max={Math.max(1, of)} value={of > 0 ? done : undefined} />
      <span>{text}</span>
      <button type="button" className="btn" onClick={() => dispatch({ type: 'cancel' })}>
        Cancel
      </button>
    </div>
  );
}

interface ReadingProps {
  readonly reading: NonNullable<OpenedFile['reading'] | FilePair['reading']>;
  readonly of: number;
  readonly what: 'Module' | 'Pair';
}

function Reading({ reading: { done, secondsLeft, stopped }, of, what }: ReadingProps) {
  const dispatch = useAdaptersDispatch();
  if (stopped)
    return (
      <div className="going">
        <span>
          <b>
            Stopped after {done} of {of} {what === 'Module' ? 'modules' : 'pairs'}.
          </b>{' '}
          <span className="note">
            {what === 'Module' ? 'Totals and resize need all of them.' : 'The merged file needs all of them.'}
          </span>
        </span>
        <button type="button" className="btn" onClick={() => dispatch({ type: 'read-rest' })}>
          Read the rest
        </button>
      </div>
    );
  return (
    <div className="going">
      <progress aria-label="Reading" max={of} value={done} />
      <span>
        {what} {done} of {of}
        {leftWords(secondsLeft)}
      </span>
      <button type="button" className="btn" onClick={() => dispatch({ type: 'cancel' })}>
        Cancel
      </button>
    </div>
  );
}

function Done() {
  const written = useAdapters((s) => s.written);
  const dispatch = useAdaptersDispatch();
  if (!written) return null;
  const { name, bytes, foretold, measured, beside, does } = written;
  return (
    <div className="going">
      <span>
        <b>{name}</b>, {megabytes(bytes)}.{' '}
        {does === 'convert' && measured === 0
          ? 'Read back: every number is the same.'
          : `Read back: error ${errorWords(measured)}, predicted ${errorWords(foretold)}.`}
        {beside.length > 0 && ` It needs ${beside.map(([other]) => other).join(' and ')} in the same folder.`}
      </span>
      {beside.length > 0 && (
        <button type="button" className="btn" onClick={() => dispatch({ type: 'save', what: 'config' })}>
          Save {beside.length === 1 ? beside[0]?.[0] : 'them'}
        </button>
      )}
      <button type="button" className="btn" onClick={() => dispatch({ type: 'open-written' })}>
        Open it here
      </button>
    </div>
  );
}

/** Said to a screen reader: where reading began and ended, never each module. */
export function LiveRegion() {
  const text = useAdapters(({ work, files, written, pair }) => {
    if (work) return work.does === 'opening' ? `Opening ${work.name}.` : `Writing ${work.name}.`;
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
