import './paste.css';
import {
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { Button, LinkButton } from '../../kit/button.tsx';
import { useDispatch } from '../../ui/page.tsx';
import type { CaseName } from '../cases/case.ts';
import { caseByName } from '../cases/cases.ts';
import type { ComplaintHit } from '../reader/diagnose.ts';
import { MAX_TEXT } from '../reader/read.ts';
import type { Span } from '../reader/syntax/node.ts';
import {
  changePasted,
  lookAtFiles,
  lookAtText,
  type Pasted,
  pastedNow,
  refusePaste,
  subscribePasted,
  type TextReader,
  UP_TO,
} from './pasted.ts';

export interface PasteProps {
  /** Opens adapter files among Adapters, whose checks they get. */
  readonly onAdapters: (files: readonly File[]) => void;
  readonly readText: TextReader;
}

const NO_HITS: readonly ComplaintHit[] = [];
const hitsOf = ({ found }: Pasted): readonly ComplaintHit[] => (found?.kind === 'read' ? found.hits : NO_HITS);

/** A pasted or chosen config, command or list of losses, and the complaints that fit. */
export default function PasteYourOwn({ onAdapters, readText }: PasteProps) {
  const pasted = useSyncExternalStore(subscribePasted, pastedNow);
  const { text, found } = pasted;
  const hits = hitsOf(pasted);
  const marks = useMemo(() => hits.flatMap(({ evidence }) => evidence), [hits]);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const open = (files: readonly File[]) => {
    if (files.some(isAdapter)) onAdapters(files);
    else if (files.length > 0) void lookAtFiles(files, readText);
  };
  const show = ({ start, end }: Span) => {
    const area = field.current;
    if (!area) return;
    area.focus();
    area.setSelectionRange(start, end);
    const mark = area.parentElement?.querySelector<HTMLElement>(`[data-at="${start}"]`);
    if (mark) area.scrollTop = mark.offsetTop - 24;
  };
  return (
    <section className="paste" aria-labelledby={id}>
      <h3 id={id}>Or paste your own</h3>
      <p className="soft">
        Paste a config, a list of losses or a command; or drop your adapter. Nothing leaves this device.
      </p>
      <PasteField text={text} marks={marks} field={field} />
      <div className="row wrap space-above">
        <Button className="btn main" onClick={() => void lookAtText(readText)}>
          Look
        </Button>
        <Button onClick={() => void chosenFiles().then(open)}>Choose a file …</Button>
        <LinkButton
          disabled={text === '' && found === null}
          onClick={() => {
            changePasted({ text: '', found: null });
            field.current?.focus();
          }}
        >
          Clear
        </LinkButton>
      </div>
      <Answer pasted={pasted} hits={hits} onShow={show} />
      <p className="note">
        Found by rules, not by a model: each hit names the line it rests on. In losses they look for NaN, growth,
        stairs, a flat start, no fall at all, and a held-out loss that turns.
      </p>
    </section>
  );
}

const PLACEHOLDER = `LoraConfig(r=64, lora_alpha=8, …)
or --network_dim 32 --network_alpha 1 …
or lora_rank: 8 …
or losses: step,loss …
or {'loss': 2.31, 'epoch': 0.1} …`;

interface PasteFieldProps {
  readonly text: string;
  readonly marks: readonly Span[];
  readonly field: React.RefObject<HTMLTextAreaElement | null>;
}

/** Above this many characters nothing is underlined: the lines are named below all the same. */
const MOST_MARKED = 60_000;

/** A text area over the same text, of which only the underlines are seen. */
function PasteField({ text, marks, field }: PasteFieldProps) {
  const under = useRef<HTMLPreElement>(null);
  const lines = useMemo(
    () => (marks.length > 0 && text.length <= MOST_MARKED ? underlined(text, marks) : null),
    [text, marks],
  );
  const follow = () => {
    if (under.current && field.current) under.current.scrollTop = field.current.scrollTop;
  };
  useLayoutEffect(follow);
  return (
    <div className="pasted">
      {lines && (
        <pre ref={under} aria-hidden="true">
          {lines}
        </pre>
      )}
      <textarea
        ref={field}
        aria-label="A config, a command or losses"
        placeholder={PLACEHOLDER}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        rows={8}
        value={text}
        onChange={({ currentTarget }) => changePasted({ text: currentTarget.value, found: null })}
        onPaste={(event) => {
          if (event.clipboardData.getData('text').length + text.length <= MAX_TEXT) return;
          event.preventDefault();
          refusePaste(`This is longer than is read. ${UP_TO}`);
        }}
        onScroll={follow}
      />
    </div>
  );
}

/** Marks that overlap become one. */
function underlined(text: string, marks: readonly Span[]): readonly ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end } of [...marks].sort((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    parts.push(text.slice(at, from));
    parts.push(
      <mark key={from} data-at={start}>
        {text.slice(from, end)}
      </mark>,
    );
    at = end;
  }
  // A last line break has no height in a block, but has in a text area.
  parts.push(`${text.slice(at)}\n`);
  return parts;
}

const COUNTS = ['', 'One that fits', 'Two that fit, the likeliest first', 'Three that fit, the likeliest first'];

interface PasteAnswerProps {
  readonly pasted: Pasted;
  readonly hits: readonly ComplaintHit[];
  readonly onShow: (place: Span) => void;
}

/** Ms without an answer after which it is said that it is sought. */
const LATE_MS = 300;

function useLate(waiting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [waiting]);
  return late;
}

function statusOf({ found }: Pasted, late: boolean): string {
  if (found === null) return '';
  if (found.kind === 'looking') return late ? 'Looking …' : '';
  if (found.kind !== 'read') return found.why;
  return (
    COUNTS[found.hits.length] ||
    'Nothing here fits one of the twelve. If you see something, the list has each in words.'
  );
}

/** To the middle of the window if less than a third of it would be left below. */
function intoSight(element: Element): void {
  if (element.getBoundingClientRect().bottom > (innerHeight * 2) / 3) element.scrollIntoView({ block: 'center' });
}

function Answer({ pasted, hits, onShow }: PasteAnswerProps) {
  const { text, found } = pasted;
  const late = useLate(found?.kind === 'looking');
  const status = useRef<HTMLParagraphElement>(null);
  const answered = useRef(found);
  useEffect(() => {
    const isNew = found !== answered.current;
    answered.current = found;
    // In a low window it is below the fold.
    if (isNew && found && found.kind !== 'looking' && status.current) intoSight(status.current);
  }, [found]);
  return (
    <>
      {/* Always there, so that a change is announced. */}
      <p ref={status} role="status" className={hits.length > 0 ? 'fits strong' : 'fits'}>
        {statusOf(pasted, late)}
      </p>
      {hits.length > 0 && (
        <ol className="fitting">
          {hits.map((hit) => (
            <Fitting key={hit.name} hit={hit} text={text} onShow={onShow} />
          ))}
        </ol>
      )}
      {found?.kind === 'read' && <p className="note">Looked at: {found.looked.join('; ')}.</p>}
    </>
  );
}

/** A press on the link of a complaint opens it here. */
export function useCaseLink(name: CaseName): (event: MouseEvent) => void {
  const dispatch = useDispatch();
  return (event: MouseEvent) => {
    // As for any link: in another tab.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dispatch({ type: 'viewed', changes: { case: name } });
  };
}

interface FittingProps {
  readonly hit: ComplaintHit;
  readonly text: string;
  readonly onShow: (place: Span) => void;
}

function Fitting({ hit: { name, sure, reason, expect, evidence }, text, onShow }: FittingProps) {
  const { complaint } = caseByName(name);
  const places = useMemo(
    () =>
      evidence.map(({ start, end }) => ({
        start,
        end,
        line: lineOf(text, start),
        part: shown(text.slice(start, end)),
      })),
    [text, evidence],
  );
  const open = useCaseLink(name);
  return (
    <li>
      <p className="complaint">“{complaint}”</p>
      <p>
        <b>{sure === 'likely' ? 'Likely.' : 'Possible.'}</b> <bdi>{reason}</bdi>{' '}
        <a
          className="link under"
          href={`#view=clinic&case=${name}`}
          aria-label={`Reproduce “${complaint}”`}
          onClick={open}
        >
          Reproduce
        </a>
      </p>
      <p className="soft">If it is so: {expect}</p>
      <ul className="rests row wrap">
        {places.map((place) => (
          <li key={place.start}>
            <LinkButton onClick={() => onShow(place)}>
              line {place.line}:{' '}
              <code>
                <bdi>{place.part}</bdi>
              </code>
            </LinkButton>
          </li>
        ))}
      </ul>
    </li>
  );
}

function lineOf(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

const LONGEST_SHOWN = 60;

function shown(text: string): string {
  // Marks that turn the direction of writing would turn the page's own words.
  const line = text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)} …` : line;
}

export const isAdapter = ({ name }: File) => /\.(safetensors|zip|pt|bin|ckpt)$/i.test(name);

const ACCEPTED = '.json,.jsonl,.toml,.yaml,.yml,.csv,.tsv,.txt,.log,.py,.sh,.bat,.ps1,.md,.safetensors';

function chosenFiles(): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', multiple: true, accept: ACCEPTED });
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}
