import { type KeyboardEvent, useRef } from 'react';
import { useDispatch, useShown } from '../page.tsx';
import { shortName, showsLosses } from './losses-place.tsx';

/** Places of the charts in the order of the tabs: first the left column of the grid, then the right one. */
export const TAB_ORDER: readonly number[] = [0, 2, 1, 3];

/** One chart at a time on a phone. Arrow keys go from tab to tab, as the role asks. `id`: what the ids of tabs and panel begin with. */
export function Tabs({ id }: { readonly id: string }) {
  const shown = useShown((s) => s.tab);
  const losses = useShown(showsLosses);
  const dispatch = useDispatch();
  const list = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (TAB_ORDER.indexOf(shown) + step + TAB_ORDER.length) % TAB_ORDER.length;
    dispatch({ type: 'tab', chart: TAB_ORDER[next] });
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <div ref={list} className="tabs" role="tablist" aria-label="Charts" onKeyDown={press}>
      {TAB_ORDER.map((place, i) => (
        <button
          key={place}
          id={`${id}tab${i}`}
          type="button"
          role="tab"
          aria-selected={place === shown}
          aria-controls={`${id}panel`}
          tabIndex={place === shown ? 0 : -1}
          onClick={() => dispatch({ type: 'tab', chart: place })}
        >
          {shortName(place, losses)}
        </button>
      ))}
    </div>
  );
}
