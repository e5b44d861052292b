import { type KeyboardEvent, useEffect, useRef } from 'react';

export interface TabGroup {
  /** As "1st step"; part of the name of each of its tabs for a screen reader. */
  readonly name: string;
  readonly tabs: readonly { readonly key: string; readonly text: string; readonly number?: number }[];
}

interface StageTabsProps {
  readonly label: string;
  readonly groups: readonly TabGroup[];
  readonly shown: string;
  /** Id of what the tabs show. */
  readonly panel: string;
  readonly onShow: (key: string) => void;
}

/** The stages of a step, in one group or in two. Arrow keys go from tab to tab. */
export function StageTabs({ label, groups, shown, panel, onShow }: StageTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const keys = groups.flatMap(({ tabs }) => tabs.map(({ key }) => key));
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>(`[id="${panel}-${shown}"]`);
    if (!list.current || !tab) return;
    // Sideways only: the page stays where it is.
    const middle = tab.offsetLeft + tab.offsetWidth / 2 - list.current.offsetLeft;
    list.current.scrollLeft = middle - list.current.clientWidth / 2;
  }, [shown, panel]);
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = keys[Math.min(keys.length - 1, Math.max(0, keys.indexOf(shown) + step))];
    onShow(next);
    const tabs = list.current?.querySelectorAll<HTMLElement>('[role=tab]');
    tabs?.[keys.indexOf(next)]?.focus();
  };
  return (
    <div ref={list} className="stages" role="tablist" aria-label={label} onKeyDown={press} data-arrows="">
      {groups.map(({ name, tabs }) => (
        <div key={name} className="group" role="presentation">
          <span className="g" aria-hidden="true">
            {name}
          </span>
          {tabs.map(({ key, text, number }) => (
            <button
              key={key}
              id={`${panel}-${key}`}
              type="button"
              role="tab"
              aria-selected={key === shown}
              aria-controls={panel}
              aria-label={`${name}: ${text}`}
              tabIndex={key === shown ? 0 : -1}
              onClick={() => onShow(key)}
            >
              {number} <i>{text}</i>
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
