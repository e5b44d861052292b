// @vitest-environment happy-dom
import { Profiler, useLayoutEffect } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { useInTurn } from './use-in-turn.ts';

const task = () => new Promise((resolve) => setImmediate(resolve));

it('parts follow a value one after another, each drawn by itself, and the newest value alone', async () => {
  /** What each drawing of the page changed. */
  let drawings: string[][] = [];
  let changed: string[] = [];
  function Part({ name, value }: { readonly name: string; readonly value: number }) {
    const shown = useInTurn(value, null);
    useLayoutEffect(() => void changed.push(`${name} ${shown}`), [name, shown]);
    return null;
  }
  const root = createRoot(document.createElement('div'));
  const end = () => {
    if (changed.length > 0) drawings.push(changed);
    changed = [];
  };
  const show = (value: number) =>
    flushSync(() =>
      root.render(
        <Profiler id="page" onRender={end}>
          {['a', 'b', 'c'].map((name) => (
            <Part key={name} name={name} value={value} />
          ))}
        </Profiler>,
      ),
    );
  const settled = async () => {
    for (let i = 0; i < 20; i++) await task();
    const all = drawings;
    drawings = [];
    return all;
  };
  show(1);
  expect(drawings).toEqual([['a null', 'b null', 'c null']]);
  drawings = [];
  expect(await settled()).toEqual([['a 1'], ['b 1'], ['c 1']]);
  show(2);
  show(3);
  expect(drawings).toEqual([]);
  expect(await settled()).toEqual([['a 3'], ['b 3'], ['c 3']]);
  show(4);
  flushSync(() => root.render(null));
  expect(await settled()).toEqual([]);
});
