import './notices.css';
import { Fragment, type ReactNode, useLayoutEffect, useRef } from 'react';
import type { Notice } from '../../state/state.ts';
import { useDispatch, useShown } from '../page.tsx';

/** What happened, what is kept, what to do: above the sentence, never in the way. */
export function Notices() {
  const notices = useShown((s) => s.notices);
  const of = (tone: Notice['tone']) =>
    notices.filter((n) => n.tone === tone).map((n) => <Line key={n.id} notice={n} />);
  return (
    <div className="notices">
      <div role="alert">{of('bad')}</div>
      <div role="status">{of('plain')}</div>
    </div>
  );
}

/** Sentences that stand in the line; the rest is unfolded. */
const IN_LINE = 2;

function Line({ notice }: { readonly notice: Notice }) {
  const { id, tone, title, texts, actions } = notice;
  const dispatch = useDispatch();
  const first = texts.length > IN_LINE + 1 ? texts.slice(0, IN_LINE) : texts;
  const rest = texts.slice(first.length);
  const line = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const here = line.current;
    const lab = here?.closest<HTMLElement>('main, .lab-room');
    return () => {
      // Still in the page, but not for long.
      if (lab && here?.contains(document.activeElement)) queueMicrotask(() => goOn(lab));
    };
  }, []);
  return (
    <div ref={line} className={tone === 'bad' ? 'notice bad' : 'notice'}>
      <div className="said">
        <b>{title}</b>
        {first.map((text) => (
          <Fragment key={text}>
            {' '}
            <Said>{text}</Said>
          </Fragment>
        ))}
        {rest.length > 0 && <Rest texts={rest} />}
      </div>
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
    </div>
  );
}

/** A notice that goes with the focus in it leaves it where the run is started, else at the main column. */
function goOn(lab: HTMLElement): void {
  const next = lab.querySelector<HTMLElement>('.tp .main, .pbar .main');
  (next ?? document.querySelector<HTMLElement>('.dock .main') ?? lab).focus();
}

function Rest({ texts }: { readonly texts: readonly string[] }) {
  return (
    <details>
      <summary>{texts.length} more</summary>
      <ul>
        {texts.map((text) => (
          <li key={text}>
            <Said>{text}</Said>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** "rank=900: must be …" and "rank=900 …": the key and what it got are code. */
const SETTING = /^([A-Za-z_][\w.-]*=.*?)(?=: )|((?<=^|\s)[A-Za-z_][\w.-]*=\S*[^\s.,;:])/;

/** A sentence as plain text, its settings set as code. */
export function Said({ children }: { readonly children: string }): ReactNode {
  const match = SETTING.exec(children);
  if (!match) return children;
  const end = match.index + match[0].length;
  return (
    <>
      {children.slice(0, match.index)}
      <code>{match[0]}</code>
      {children.slice(end)}
    </>
  );
}
