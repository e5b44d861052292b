// @vitest-environment happy-dom
import { act, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { initialPage, labStore, updatePage } from '../state/page.ts';
import { createStore } from '../state/state.ts';
import { lazyPart, PageProvider } from './page.tsx';

it('shows the rest of the page, and says so, if a part cannot be loaded', async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, (redraw) => redraw());
  const Part = lazyPart<object>(() => Promise.reject(new TypeError('Failed to fetch')), <p>instead</p>);
  const host = document.createElement('div');
  const root = createRoot(host);
  await act(async () =>
    root.render(
      <PageProvider store={store}>
        <nav>bar</nav>
        <Suspense>
          <Part />
        </Suspense>
      </PageProvider>,
    ),
  );
  expect(host.innerHTML).toBe('<nav>bar</nav><p>instead</p>');
  expect(labStore(store, store.state().sessions[0].session).state().notices).toMatchObject([
    { title: 'A part of this page could not be loaded.' },
  ]);
  await act(async () => root.unmount());
});
