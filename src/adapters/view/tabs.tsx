import { type KeyboardEvent, useRef } from 'react';
import type { AdaptersTab } from '../state/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from './context.tsx';

const TABS: Readonly<Record<AdaptersTab, string>> = {
  overview: 'Overview',
  resize: 'Resize',
  two: 'Two adapters',
  convert: 'Convert',
  modules: 'All modules',
};
const NAMES = Object.keys(TABS) as AdaptersTab[];

/** What can be seen and done with a file; ← → go from one to the next. */
export function Tabs() {
  const open = useAdapters((s) => s.tab);
  const dispatch = useAdaptersDispatch();
  const list = useRef<HTMLDivElement>(null);
  const onKey = (event: KeyboardEvent) => {
    const at = NAMES.indexOf(open);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: NAMES.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = NAMES[(to + NAMES.length) % NAMES.length] ?? open;
    dispatch({ type: 'tab', tab });
    list.current?.querySelector<HTMLElement>(`#adapters-tab-${tab}`)?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label="View of the file" className="adapters-tabs" onKeyDown={onKey}>
      {NAMES.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`adapters-tab-${tab}`}
          aria-selected={tab === open}
          aria-controls="adapters-panel"
          tabIndex={tab === open ? 0 : -1}
          onClick={() => dispatch({ type: 'tab', tab })}
        >
          {TABS[tab]}
        </button>
      ))}
    </div>
  );
}
