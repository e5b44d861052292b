import type { ComponentProps, KeyboardEvent, ReactNode } from 'react';
import { arrowKeys } from './arrows.ts';

const press = arrowKeys(({ key, currentTarget }: KeyboardEvent<HTMLElement>) => {
  const tabs = [...currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
  const at = tabs.findIndex((tab) => tab.matches('[aria-selected="true"]'));
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[key];
  const tab = to === undefined ? undefined : tabs.at(to % tabs.length);
  if (!tab) return false;
  tab.focus();
  tab.click();
});

export function TabList(props: ComponentProps<'div'>) {
  return <div role="tablist" onKeyDown={press} {...props} />;
}

interface TabProps extends Omit<ComponentProps<'button'>, 'name'> {
  /** Id of the tabs' panel; that of a tab is "panel-name". */
  readonly panel: string;
  readonly name: string | number;
  readonly shown: boolean;
}

export function Tab({ panel, name, shown, ...button }: TabProps) {
  return (
    <button
      id={`${panel}-${name}`}
      type="button"
      role="tab"
      aria-selected={shown}
      aria-controls={panel}
      tabIndex={shown ? 0 : -1}
      {...button}
    />
  );
}

interface TabsProps<T> extends Omit<ComponentProps<'div'>, 'onChange'> {
  readonly panel: string;
  readonly tabs: readonly (readonly [name: T, text: ReactNode])[];
  readonly shown: T;
  readonly onShow: (name: T) => void;
}

export function Tabs<T extends string | number>({ panel, tabs, shown, onShow, ...list }: TabsProps<T>) {
  return (
    <TabList className="tabs" {...list}>
      {tabs.map(([name, text]) => (
        <Tab key={name} panel={panel} name={name} shown={name === shown} onClick={() => onShow(name)}>
          {text}
        </Tab>
      ))}
    </TabList>
  );
}
