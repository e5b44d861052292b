import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { initialPage, updatePage } from '../../state/page.ts';
import { createStore } from '../../state/state.ts';
import { PageProvider } from '../../ui/page.tsx';
import { LESSONS } from '../list.ts';
import Contents from './contents.tsx';

function shown(done: readonly (readonly number[])[]) {
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
  for (const [i, { name, steps }] of LESSONS.entries())
    if (done[i]) {
      const changes = { step: steps.length - 1, done: done[i], asked: 4 };
      store.dispatch({ type: 'studied', lesson: name, changes });
    }
  return renderToStaticMarkup(
    <PageProvider store={store}>
      <Contents />
    </PageProvider>,
  );
}

it('says of each lesson what its bars show, wherever it was left', () => {
  const rows = shown([[], [0, 2, 3], LESSONS[2].steps.map((_, i) => i)]).match(/<li class="row[\s\S]*?<\/li>/g) ?? [];
  expect(rows).toHaveLength(LESSONS.length);
  const bars = rows.map((row) => row.match(/<i class="done"/g)?.length ?? 0);
  expect(bars.slice(0, 4)).toEqual([0, 3, LESSONS[2].steps.length, 0]);
  expect(rows[0]).toContain('0 of 7 steps');
  expect(rows[1]).toContain('3 of 9 steps');
  expect(rows[2]).toContain('✓ done');
  expect(rows[3]).toContain(`${LESSONS[3].minutes} min`);
  // The bar of the step that it goes on with is framed.
  expect(rows[0]).toMatch(/(<i><\/i>){5}<i class="at"><\/i>/);
});

it('has a head of its own, and promises no more than the lessons hold', () => {
  const page = shown([]);
  expect(page).toMatch(/<h2>Twelve lessons on LoRA<\/h2>/);
  expect(page).not.toMatch(/every picture is live|every number is computed/);
});
