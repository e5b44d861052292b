import {
  type ClipboardEventHandler,
  Fragment,
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
  readonly kind: string;
  /** Focused first; default: Close. Not on touch screens if it would raise the keyboard over the panel. */
  readonly first?: RefObject<HTMLElement | null>;
  /** Selector of an element that stays in sight next to the panel. */
  readonly anchor?: string;
  readonly onPaste?: ClipboardEventHandler;
  readonly children: ReactNode;
}

/** A native modal dialog: Esc and a click outside close it, and focus returns to where it was. */
export function Dialog({ title, kind, first, anchor, onPaste, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const dispatch = useDispatch();
  const id = useId();
  useLayoutEffect(() => {
    const it = dialog.current;
    it?.showModal();
    if (!window.matchMedia('(pointer: coarse)').matches) first?.current?.focus();
    // Closed before it is removed, so that the browser restores the focus.
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

interface FactsProps {
  /** Null: left out. */
  readonly list: readonly (readonly [name: string, value: ReactNode] | null)[];
}

export function Facts({ list }: FactsProps) {
  return (
    <dl className="pairs">
      {list.map(
        (fact) =>
          fact && (
            <Fragment key={fact[0]}>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </Fragment>
          ),
      )}
    </dl>
  );
}

function isOutside(event: MouseEvent, dialog: HTMLElement): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x < left || x > right || y < top || y > bottom;
}
