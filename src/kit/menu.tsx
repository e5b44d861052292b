import './menu.css';
import { type FocusEvent, type MouseEvent, type ReactNode, type ToggleEvent, useEffect, useId, useRef } from 'react';

/** The tallest list whose side depends on the space: six touch targets, in px. */
const ROOM = 280;

interface MenuProps {
  /** The button's content; `name`: its accessible name if that is not enough. */
  readonly label: ReactNode;
  readonly name?: string;
  /** An additional class, e.g. for its list. */
  readonly kind?: string;
  /** Preferred space below its button, in px. */
  readonly room?: number;
  readonly children: ReactNode;
}

/**
 * A button whose list opens over the page. The browser closes it on Esc and on a press elsewhere; a choice closes it
 * too, except undo and redo, which are pressed repeatedly, and so does the focus when it moves to another element.
 */
export function Menu({ label, name, kind = '', room = ROOM, children }: MenuProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const place = ({ newState }: ToggleEvent) => {
    if (newState === 'open') putUnder(list.current, button.current, room);
  };
  useEffect(() => {
    const again = () => {
      if (list.current?.matches(':popover-open')) putUnder(list.current, button.current, room);
    };
    // After the new layout of the page.
    const resized = () => requestAnimationFrame(again);
    addEventListener('resize', resized);
    return () => removeEventListener('resize', resized);
  }, [room]);
  const chosen = ({ target }: MouseEvent) => {
    if (target instanceof Element && target.closest('.list button:not(.history *)')) list.current?.hidePopover();
  };
  // Without a next focus nothing was left: the window lost focus, or the focused button was disabled.
  const left = ({ relatedTarget, currentTarget }: FocusEvent) => {
    if (relatedTarget && !currentTarget.contains(relatedTarget)) list.current?.hidePopover();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: its buttons are pressed
    <div className={`menu ${kind}`} onBlur={left} onClick={chosen}>
      <button ref={button} type="button" className="link" aria-label={name} popoverTarget={id}>
        {label}
      </button>
      {/* Focusable, so that a press on its padding does not focus the page behind. */}
      <div ref={list} id={id} popover="auto" tabIndex={-1} className="list" onBeforeToggle={place}>
        {children}
      </div>
    </div>
  );
}

function putUnder(list: HTMLElement | null, button: HTMLElement | null, room: number): void {
  if (list && button) Object.assign(list.style, placeOf(button.getBoundingClientRect(), room));
}

/** Gap between a list and the window's edge, in px. */
const EDGE = 8;
/** Widest column of text in a list, in px, as in explained.css. */
const TEXT = 320;

/** Towards the side with more space, above the button if there is too little below; never cut. */
function placeOf(
  { left, right, top, bottom }: DOMRect,
  room: number,
): { readonly inset: string; readonly maxHeight: string } {
  const { clientWidth, clientHeight } = document.documentElement;
  const leftwards = left + right > clientWidth;
  // Text takes the whole width of a small window if its side is too narrow.
  const whole = room > ROOM && (leftwards ? right : clientWidth - left) < TEXT;
  const across = whole
    ? { left: `${EDGE + scrollX}px`, right: 'auto' }
    : leftwards
      ? { left: 'auto', right: `${clientWidth - right - scrollX}px` }
      : { left: `${left + scrollX}px`, right: 'auto' };
  const below = clientHeight - bottom;
  const over = below < room && top > below;
  const down = over
    ? { top: 'auto', bottom: `${clientHeight - top - scrollY}px` }
    : { top: `${bottom + scrollY}px`, bottom: 'auto' };
  return {
    inset: `${down.top} ${across.right} ${down.bottom} ${across.left}`,
    maxHeight: `${(over ? top : below) - EDGE}px`,
  };
}
