import type { ReactNode } from 'react';
import type { ViewName } from '../../experiment/settings/view.ts';
import { useLab } from '../../ui/page.tsx';
import type { AdaptersEvent, FileWork, WrittenFile } from '../state/adapters-state.ts';
import type { ReadingProgress } from '../worker/protocol.ts';
import { EventButton, useAdapters } from './context.tsx';
import { errorWords, megabytes, timeLeftWords } from './size-words.ts';

const TAB_OF: Readonly<Record<WrittenFile['does'], ViewName>> = {
  resize: 'resize',
  merge: 'two',
  convert: 'convert',
  grow: 'resize',
  extract: 'adapters',
  'write-back': 'two',
};

/** Progress of opening, reading and writing; while nothing is going, `children`. */
export function WorkProgress({ children }: { readonly children?: ReactNode }) {
  const work = useAdapters((s) => s.work);
  const file = useAdapters((s) => s.files.find(({ reading }) => reading !== null));
  const pair = useAdapters((s) => (s.pair?.reading ? s.pair : null));
  const base = useAdapters((s) => s.base);
  const models = useAdapters((s) => (s.models?.shown ? s.models : null));
  if (work)
    return (
      <Bar name={WORK_NAMES[work.does] ?? 'Writing'} done={work.done} of={work.of}>
        {workWords(work)}
      </Bar>
    );
  if (models?.reading) return <Reading reading={models.reading} of={models.figures.length} what="Tensor" />;
  if (file?.reading) return <Reading reading={file.reading} of={file.figures.length} what="Module" />;
  if (base?.reading) return <Reading reading={base.reading} of={base.figures.length} what="W₀" />;
  if (pair?.reading) return <Reading reading={pair.reading} of={pair.figures.length} what="Pair" />;
  return children;
}

interface StartButtonProps {
  readonly event: AdaptersEvent;
  /** What has been started; null: nothing. */
  readonly going: string | null;
  readonly disabled: boolean;
  readonly children: string;
}

/** Starts a long calculation and cancels it: the same button, so that the focus stays on it. */
export function StartButton({ event, going, disabled, children }: StartButtonProps) {
  return (
    <>
      <EventButton className="btn" ref={leaving} disabled={disabled} event={going ? { type: 'cancel' } : event}>
        {going ? 'Cancel' : children}
      </EventButton>
      {going && <span className="note">{going}</span>}
    </>
  );
}

/** Once the button is gone, its section has the focus that it had. */
const leaving = (button: HTMLButtonElement) => () => {
  if (document.activeElement === button) button.closest('section')?.focus();
};

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
  readonly reading: ReadingProgress;
  readonly of: number;
  readonly what: keyof typeof NEEDS;
}

const NEEDS = {
  Module: 'Totals and resize need all of them.',
  Pair: 'The merged file needs all of them.',
  Tensor: 'Totals and a LoRA need all of them.',
  'W₀': 'Totals beside W₀ need all of them.',
} as const;

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
          Stopped after {done} of {of} {what === 'W₀' ? 'W₀' : `${what.toLowerCase()}s`}.
        </b>{' '}
        <span className="note">{NEEDS[what]}</span>
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
  'write-back': 'Read back: B and A of the module are the trained ones to the bit, and no other tensor changed.',
} as const;

/** The written file, in the tab that wrote it. */
function Done() {
  const view = useLab((s) => s.view.view);
  const isOf = ({ does }: WrittenFile) => view === TAB_OF[does] || (does === 'write-back' && view === 'adapters');
  const written = useAdapters((s) => (s.written !== null && isOf(s.written) ? s.written : null));
  if (!written) return null;
  const { name, bytes, foretold, measured, config, does, seed } = written;
  return (
    <div className="acts going space-below">
      <span>
        <b className="cut">{name}</b>, {megabytes(bytes)}.{' '}
        {measured === 0 && does in SAME
          ? SAME[does as keyof typeof SAME]
          : `Read back: error ${errorWords(measured)}, predicted ${errorWords(foretold)}.`}
        {measured !== 0 &&
          does === 'write-back' &&
          ' That is the rounding to the file’s types; no other tensor changed.'}
        {seed !== undefined && ` Seed ${seed}.`}
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
    <EventButton
      className="btn"
      title="The written file needs it in the same folder"
      event={{ type: 'save', what: 'config' }}
    >
      Save adapter_config.json
    </EventButton>
  );
}

function modelsWords(tensors: number, reading: ReadingProgress | null): string {
  if (!reading) return `All ${tensors} tensors of both models are measured.`;
  return reading.stopped ? `Stopped after ${reading.done} of ${tensors} tensors.` : `Measuring ${tensors} tensors.`;
}

/** What is going, and after it what was written. */
export function Going() {
  return (
    <WorkProgress>
      <Done />
    </WorkProgress>
  );
}

/** For a screen reader: the beginning and the end of reading, never each module. */
export function LiveRegion() {
  const text = useAdapters(({ work, files, written, pair, models }) => {
    if (work) return `${WORK_NAMES[work.does] ?? 'Writing'} ${work.name}.`;
    if (written) return `${written.name} is written and read back: error ${errorWords(written.measured)}.`;
    if (models?.shown && models.counting !== null) return 'Counting intruder dimensions.';
    if (models?.shown && models.matched) return modelsWords(models.matched.pairs.length, models.reading);
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
