// @vitest-environment happy-dom
import { act, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeAll, expect, it } from 'vitest';
import { Choice, Select } from './button.tsx';
import { Tabs } from './tabs.tsx';

beforeAll(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
});

function Example() {
  const [shown, show] = useState('a');
  const [on, choose] = useState<boolean | null>(null);
  const sides = [
    [null, 'either'],
    [false, 'left'],
    [true, 'right'],
  ] as const;
  return (
    <>
      <Tabs panel="p" tabs={['a', 'b', 'c'].map((name) => [name, name])} shown={shown} onShow={show} />
      <div id="p">{shown}</div>
      <Choice aria-label="Side" options={sides} value={on} onChange={choose} />
      <Select aria-label="Side" options={sides} value={on} onChange={choose} />
    </>
  );
}

async function page() {
  document.body.innerHTML = '<div></div>';
  await act(async () => createRoot(document.body.children[0]).render(<Example />));
  const find = <E extends Element = HTMLElement>(selector: string) => {
    const found = document.querySelector<E>(selector);
    if (!found) throw new Error(`no ${selector}`);
    return found;
  };
  return find;
}

it('opens the next tab by an arrow key, round the ends, and leaves other keys alone', async () => {
  const find = await page();
  find('[role="tab"]').focus();
  const press = async (key: string, ctrlKey = false) => {
    const event = new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true });
    await act(async () => document.activeElement?.dispatchEvent(event));
    return [find('#p').textContent, document.activeElement?.id, event.defaultPrevented];
  };
  expect(await press('ArrowRight')).toEqual(['b', 'p-b', true]);
  expect(await press('End')).toEqual(['c', 'p-c', true]);
  expect(await press('ArrowRight')).toEqual(['a', 'p-a', true]);
  expect(await press('ArrowLeft')).toEqual(['c', 'p-c', true]);
  expect(await press('Home')).toEqual(['a', 'p-a', true]);
  expect(await press('ArrowDown')).toEqual(['a', 'p-a', false]);
  expect(await press('ArrowRight', true)).toEqual(['a', 'p-a', false]);
  expect(document.querySelectorAll('[role="tab"][tabindex="0"]')).toHaveLength(1);
});

it('gives values of any type from buttons and from a native list', async () => {
  const find = await page();
  const pressed = () => find('[role="group"] [aria-pressed="true"]').textContent;
  const list = find<HTMLSelectElement>('select');
  expect([pressed(), list.value]).toEqual(['either', 'null']);
  await act(async () => find('[role="group"] button:last-child').click());
  expect([pressed(), list.value]).toEqual(['right', 'true']);
  await act(async () => {
    list.value = 'false';
    list.dispatchEvent(new Event('change', { bubbles: true }));
  });
  expect([pressed(), list.value]).toEqual(['left', 'false']);
});
