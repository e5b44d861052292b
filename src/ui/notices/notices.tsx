import './notices.css';
import { Fragment, type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type Remark, remarkText } from '../../experiment/link/faults.ts';
import { Group } from '../../kit/choice.tsx';
import type { Notice } from '../../state/state.ts';
import { useDispatch, useShown } from '../page.tsx';

/** What happened, what is kept, what to do: above the sentence, never in the way. What only confirms floats. */
export function Notices({ only }: { readonly only?: readonly Notice['about'][] }) {
  const notices = useShown((s) => s.notices);
  const of = (tone: Notice['tone']) => notices.filter((n) => n.tone === tone && only?.includes(n.about) !== false);
  const lines = (tone: Notice['tone']) => of(tone).map((n) => <Line key={n.id} notice={n} />);
  return (
    <>
      <div className="notices">
        <div role="alert">{lines('bad')}</div>
        <div role="status">{lines('plain')}</div>
      </div>
      <div className="briefly" role="status">
        {of('brief').map((n) => (
          <Brief key={n.id} notice={n} />
        ))}
      </div>
    </>
  );
}

/** Sentences that stand in the line; the rest is unfolded. */
const IN_LINE = 2;

function Line({ notice }: { readonly notice: Notice }) {
  const { tone, title, texts } = notice;
  const first = texts.length > IN_LINE + 1 ? texts.slice(0, IN_LINE) : texts;
  const rest = texts.slice(first.length);
  const line = useRef<HTMLDivElement>(null);
  useHandOn(line);
  return (
    <div ref={line} className={tone === 'bad' ? 'notice bad' : 'notice'}>
      <div className="said">
        <b>{title}</b>
        <All of={first} />
        {rest.length > 0 && <Rest remarks={rest} />}
      </div>
      <Acts notice={notice} />
    </div>
  );
}

function Acts({ notice: { id, title, actions } }: { readonly notice: Notice }) {
  const dispatch = useDispatch();
  return (
    <span className="acts">
      {actions.map(({ label, event }) => (
        <button key={label} type="button" className="link" onClick={() => dispatch(event)}>
          {label}
        </button>
      ))}
      <button
        type="button"
        className="link away"
        aria-label={`Dismiss: ${title}`}
        onClick={() => dispatch({ type: 'dismiss', id })}
      >
        ×
      </button>
    </span>
  );
}

/** How long a confirmation stays, in ms: to be seen at all, and for each character to be read. */
const SEEN = 5000;
const READ = 50;

/** Goes by itself, but not while it is pointed at or has the focus, nor behind a panel or in a tab that nobody sees. */
function Brief({ notice }: { readonly notice: Notice }) {
  const { id, title, texts } = notice;
  const dispatch = useDispatch();
  const [held, hold] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useHandOn(box);
  const behind = useShown((s) => s.panel !== null || s.hidden);
  const length = [title, ...texts.map(remarkText)].join(' ').length;
  useEffect(() => {
    if (held || behind) return;
    const timer = window.setTimeout(() => dispatch({ type: 'dismiss', id }), SEEN + READ * length);
    return () => window.clearTimeout(timer);
  }, [held, behind, length, id, dispatch]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what can be pressed is its buttons
    <div
      ref={box}
      className="brief"
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      <div className="said">
        {title}
        <All of={texts} />
      </div>
      <Acts notice={notice} />
    </div>
  );
}

/** An offer that nobody needs to answer, in one line: `about` says which. */
export function Offer({ about, name }: { readonly about: Notice['about']; readonly name: string }) {
  const offer = useShown((s) => s.notices.find((n) => n.tone === 'quiet' && n.about === about));
  return offer && <Choices offer={offer} name={name} />;
}

function Choices({ offer, name }: { readonly offer: Notice; readonly name: string }) {
  const dispatch = useDispatch();
  const line = useRef<HTMLDivElement>(null);
  useHandOn(line);
  return (
    <Group ref={line} className="offer" aria-label={offer.title} title={offer.title}>
      {name}:
      {offer.actions.map(({ label, event }) => (
        <button key={label} type="button" className="link under" onClick={() => dispatch(event)}>
          {label}
        </button>
      ))}
    </Group>
  );
}

/** What goes with the focus in it leaves it where the run is started, else at the main column. */
function useHandOn(line: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const here = line.current;
    const lab = here?.closest<HTMLElement>('main, .lab-room') ?? document.getElementById('main');
    return () => {
      // Still in the page, but not for long.
      if (lab && here?.contains(document.activeElement)) queueMicrotask(() => goOn(lab));
    };
  }, [line]);
}

function goOn(lab: HTMLElement): void {
  const next = lab.querySelector<HTMLElement>('.tp .main, .pbar .main');
  (next ?? document.querySelector<HTMLElement>('.dock .main') ?? lab).focus();
}

function Rest({ remarks }: { readonly remarks: readonly Remark[] }) {
  return (
    <details>
      <summary>{remarks.length} more</summary>
      <ul>
        {remarks.map((remark) => (
          <li key={remarkText(remark)}>
            <Said>{remark}</Said>
          </li>
        ))}
      </ul>
    </details>
  );
}

function All({ of }: { readonly of: readonly Remark[] }) {
  return of.map((remark) => (
    <Fragment key={remarkText(remark)}>
      {' '}
      <Said>{remark}</Said>
    </Fragment>
  ));
}

/** A remark as text; the setting that it is about is code. */
export function Said({ children }: { readonly children: Remark }): ReactNode {
  if (typeof children === 'string') return children;
  return (
    <>
      <code>{children.setting}</code>: {children.said}
    </>
  );
}
