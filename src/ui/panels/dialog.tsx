import {
  type ClipboardEventHandler,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useId,
  useLayoutEffect,
  useRef,
} from 'react';
import { LinkButton } from '../../kit/button.tsx';
import { useDispatch } from '../page.tsx';
import { panelPlace } from './panel-place.ts';

interface DialogProps {
  readonly title: string;
  /** A class of its own, e.g. for its width. */
  readonly kind: string;
  /** What has the focus at first; left out: Close. Not where a finger would call the keyboard over the panel. */
  readonly first?: RefObject<HTMLElement | null>;
  /** A selector: the panel stands beside what it finds, which stays in sight. */
  readonly anchor?: string;
  readonly onPaste?: ClipboardEventHandler;
  readonly children: ReactNode;
}

/** A native modal dialog: Esc and a click beside it close it, the focus goes back to where it came from. */
export function Dialog({ title, kind, first, anchor, onPaste, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const dispatch = useDispatch();
  const id = useId();
  useLayoutEffect(() => {
    const it = dialog.current;
    it?.showModal();
    if (!window.matchMedia('(pointer: coarse)').matches) first?.current?.focus();
    // Closed before it leaves the page, so that the browser gives the focus back.
    return () => it?.close();
  }, [first]);
  useLayoutEffect(() => {
    if (!anchor) return;
    const stand = () => {
      const box = document.querySelector(anchor)?.getBoundingClientRect();
      const { clientWidth, clientHeight } = document.documentElement;
      const place = box && panelPlace(box, clientWidth, clientHeight);
      if (!dialog.current) return;
      const { style } = dialog.current;
      if (!place) return style.removeProperty('inset');
      const { left, right, top, bottom, from } = place;
      const vertical = from === 'top' ? [`${top}px`, 'auto'] : ['auto', `${clientHeight - bottom}px`];
      Object.assign(style, {
        margin: '0',
        width: `${right - left}px`,
        maxHeight: `${bottom - top}px`,
        inset: `${vertical[0]} auto ${vertical[1]} ${left}px`,
      });
    };
    stand();
    window.addEventListener('resize', stand);
    return () => window.removeEventListener('resize', stand);
  }, [anchor]);
  const close = () => dispatch({ type: 'panel', panel: null });
  const elsewhere = (event: MouseEvent) => {
    if (event.target === dialog.current && isOutside(event, dialog.current)) close();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard has Esc
    <dialog
      ref={dialog}
      className={`panel ${kind}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={elsewhere}
      onPaste={onPaste}
    >
      <div className="head">
        <h2 id={id}>{title}</h2>
        <LinkButton onClick={close}>Close</LinkButton>
      </div>
      {children}
    </dialog>
  );
}

function isOutside(event: MouseEvent, dialog: HTMLElement): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x < left || x > right || y < top || y > bottom;
}
