// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { GridPicture } from './grid-picture.tsx';

it('renders only the rows whose words have changed', async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  let rendered = 0;
  const columns = ['q', 'k', 'v'];
  // A row that is rendered goes through its columns.
  const counted = Object.assign([...columns], {
    map: (...args: Parameters<typeof columns.map>) => {
      rendered++;
      return columns.map(...args);
    },
  });
  const rows = Array.from({ length: 40 }, (_, i) => `layer ${i}`);
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  const draw = (known: number) =>
    act(() =>
      root.render(
        <GridPicture
          spoken={{
            corner: 'Layer',
            rows,
            columns: counted,
            words: ([row, column]) => (3 * row + column < known ? `read ${row} ${column}` : 'not read yet'),
          }}
          at={null}
          chosen={null}
          page={10}
          onWalk={() => {}}
        />,
      ),
    );
  await draw(0);
  expect(rendered).toBe(rows.length);
  rendered = 0;
  await draw(7);
  expect(rendered).toBe(3);
  rendered = 0;
  await draw(7);
  expect(rendered).toBe(0);
  expect(document.querySelectorAll('[role=gridcell][aria-label^=read]')).toHaveLength(7);
});
