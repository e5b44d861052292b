import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Tab, TabList } from '../../kit/tabs.tsx';

export interface TabGroup {
  /** "1st step"; prefix of its tabs' names for a screen reader. */
  readonly name: string;
  readonly tabs: readonly { readonly key: string; readonly text: string; readonly number?: number }[];
}

interface StageTabsProps {
  readonly label: string;
  readonly groups: readonly TabGroup[];
  readonly shown: string;
  readonly onShow: (key: string) => void;
  readonly children: ReactNode;
}

/** The stages of a step as one or two groups of tabs. Arrow keys go from tab to tab. */
export function StageTabs({ label, groups, shown, onShow, children }: StageTabsProps) {
  const panel = useId();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>(`[id="${panel}-${shown}"]`);
    if (!list.current || !tab) return;
    // scrollIntoView would also move the page vertically.
    const middle = tab.offsetLeft + tab.offsetWidth / 2 - list.current.offsetLeft;
    list.current.scrollLeft = middle - list.current.clientWidth / 2;
  }, [shown, panel]);
  return (
    <>
      <TabList ref={list} className="stages" aria-label={label}>
        {groups.map(({ name, tabs }) => (
          <div key={name} className="group" role="presentation">
            <span className="g" aria-hidden="true">
              {name}
            </span>
            {tabs.map(({ key, text, number }) => (
              <Tab
                key={key}
                panel={panel}
                name={key}
                shown={key === shown}
                aria-label={`${name}: ${text}`}
                onClick={() => onShow(key)}
              >
                {number} <i>{text}</i>
              </Tab>
            ))}
          </div>
        ))}
      </TabList>
      <div id={panel} role="tabpanel" aria-labelledby={`${panel}-${shown}`}>
        {children}
      </div>
    </>
  );
}

/** Each step of the lesson begins at its own place. */
export function useStepStart<T>(begins: T, chosen: T | null, set: (to: T) => void): void {
  useEffect(() => {
    if (chosen === null) set(begins);
  }, [begins, chosen, set]);
}
