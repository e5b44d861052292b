import './menu.css';
import { type FocusEvent, type MouseEvent, type ReactNode, type ToggleEvent, useEffect, useId, useRef } from 'react';

/** The tallest list whose place depends on the room: six entries for a finger, in px. */
const ROOM = 280;

interface MenuProps {
  /** What the button says; `name`: what it is called if that is not enough. */
  readonly label: ReactNode;
  readonly name?: string;
  /** A class of its own, e.g. for its list. */
  readonly kind?: string;
  /** How many px it likes to have below its button. */
  readonly room?: number;
  readonly children: ReactNode;
}

/**
 * A button whose list opens over the page. The browser closes it on Esc and on a press elsewhere; a choice closes it too,
 * but undo and redo, which are pressed more than once, and so does the focus where it goes on to something else.
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
    // Once the page has its new layout.
    const resized = () => requestAnimationFrame(again);
    addEventListener('resize', resized);
    return () => removeEventListener('resize', resized);
  }, [room]);
  const chosen = ({ target }: MouseEvent) => {
    if (target instanceof Element && target.closest('.list button:not(.history *)')) list.current?.hidePopover();
  };
  // Without a next focus nothing is left: the window was, or the button that had it can no longer be pressed.
  const left = ({ relatedTarget, currentTarget }: FocusEvent) => {
    if (relatedTarget && !currentTarget.contains(relatedTarget)) list.current?.hidePopover();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: what is pressed is its buttons
    <div className={`menu ${kind}`} onBlur={left} onClick={chosen}>
      <button ref={button} type="button" className="link" aria-label={name} popoverTarget={id}>
        {label}
      </button>
      {/* It can have the focus, so that a press on its padding does not give it to the page behind. */}
      <div ref={list} id={id} popover="auto" tabIndex={-1} className="list" onBeforeToggle={place}>
        {children}
      </div>
    </div>
  );
}

function putUnder(list: HTMLElement | null, button: HTMLElement | null, room: number): void {
  if (list && button) Object.assign(list.style, placeOf(button.getBoundingClientRect(), room));
}

/** Between a list and the window's edge, in px. */
const EDGE = 8;
/** Widest column of text in a list, in px, as in explained.css. */
const TEXT = 320;

/** Where a list stands: towards the side with more room, over the button if there is too little below; never cut. */
function placeOf(
  { left, right, top, bottom }: DOMRect,
  room: number,
): { readonly inset: string; readonly maxHeight: string } {
  const { clientWidth, clientHeight } = document.documentElement;
  const leftwards = left + right > clientWidth;
  // Text takes the whole of a small window where it has too little on its side.
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
