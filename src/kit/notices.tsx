import './notices.css';
import { type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react';

export interface NoticeContent {
  readonly id: number;
  readonly tone: string;
  readonly title: string;
  readonly body: ReactNode;
  readonly acts: readonly { readonly label: string; readonly onPress: () => void }[];
  readonly onDismiss: () => void;
}

/** Lines above everything else: errors are announced at once, the rest when there is time. */
export function NoticeLines({ notices }: { readonly notices: readonly NoticeContent[] }) {
  const lines = (tone: string) =>
    notices.filter((one) => one.tone === tone).map((one) => <Line key={one.id} {...one} />);
  return (
    <div className="notices">
      <div role="alert">{lines('bad')}</div>
      <div role="status">{lines('plain')}</div>
    </div>
  );
}

function Line(notice: NoticeContent) {
  const line = useRef<HTMLDivElement>(null);
  useFocusHandover(line);
  return (
    <div ref={line} className={notice.tone === 'bad' ? 'notice bad' : 'notice'}>
      <div className="said">
        <b>{notice.title}</b>
        {notice.body}
      </div>
      <NoticeActions {...notice} />
    </div>
  );
}

export function NoticeActions({ title, acts, onDismiss }: Pick<NoticeContent, 'title' | 'acts' | 'onDismiss'>) {
  return (
    <span className="acts">
      {acts.map(({ label, onPress }) => (
        <button key={label} type="button" className="link" onClick={onPress}>
          {label}
        </button>
      ))}
      <button type="button" className="link away" aria-label={`Dismiss: ${title}`} onClick={onDismiss}>
        ×
      </button>
    </span>
  );
}

/** When a focused notice disappears, the focus moves to the run's start button, otherwise to the main column. */
export function useFocusHandover(line: RefObject<HTMLElement | null>): void {
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
