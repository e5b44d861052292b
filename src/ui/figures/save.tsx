import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import type { Chart } from '../../charts/chart.ts';
import type { PageEvent } from '../../state/events.ts';
import { useDispatch } from '../page.tsx';

/** The chart's small menu: its picture, its numbers. */
export function Save({ chart: { name, title } }: { readonly chart: Chart }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const dispatch = useDispatch();
  const close = () => {
    if (menu.current) menu.current.open = false;
  };
  // Not every browser gives a clicked summary the focus, so a blur is not enough.
  useEffect(() => {
    const elsewhere = (event: PointerEvent) => {
      if (menu.current && event.target instanceof Node && !menu.current.contains(event.target))
        menu.current.open = false;
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, []);
  const choose = (event: PageEvent) => {
    close();
    dispatch(event);
  };
  const left = (event: FocusEvent) => {
    if (!menu.current?.contains(event.relatedTarget)) close();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !menu.current?.open) return;
    event.stopPropagation();
    close();
    menu.current.querySelector('summary')?.focus();
  };
  const item = (label: string, event: PageEvent) => (
    <button type="button" className="link" onClick={() => choose(event)}>
      {label}
    </button>
  );
  return (
    <details ref={menu} className="menu" onBlur={left} onKeyDown={press}>
      <summary aria-label={`Save: ${title}`}>save</summary>
      <div className="list">
        {item('Picture, SVG', { type: 'command', command: { save: 'svg', chart: name } })}
        {item('Picture, PNG', { type: 'command', command: { save: 'png', chart: name } })}
        {item('Numbers, CSV', { type: 'command', command: { save: 'table', chart: name } })}
        {item('Show as a table', { type: 'panel', panel: { name: 'table', chart: name } })}
      </div>
    </details>
  );
}
