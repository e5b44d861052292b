import { type FocusEvent, type KeyboardEvent, type MouseEvent, useRef } from 'react';
import { History } from './history.tsx';
import { PageActions } from './page-actions.tsx';

/** What a narrow bar has no room for. */
export function More() {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (menu.current) menu.current.open = false;
  };
  const left = (event: FocusEvent) => {
    if (event.relatedTarget && !menu.current?.contains(event.relatedTarget)) close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !menu.current?.open) return;
    event.stopPropagation();
    close();
    menu.current.querySelector('summary')?.focus();
  };
  const chosen = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('.list button:not(.history *)')) close();
  };
  return (
    <details ref={menu} className="menu more" onBlur={left} onKeyDown={onKeyDown} onClick={chosen}>
      <summary className="link">More</summary>
      <div className="list">
        <History />
        <PageActions />
      </div>
    </details>
  );
}
