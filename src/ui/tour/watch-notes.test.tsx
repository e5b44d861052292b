// @vitest-environment happy-dom

import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { presets } from '../../experiment/presets.ts';
import { defaultView } from '../../experiment/settings/view.ts';

import { initialPage, updatePage } from '../../state/page.ts';
import { createStore } from '../../state/state.ts';
import { PageProvider } from '../page.tsx';
import WatchNotes from './watch-notes.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

async function shown(preset: string, about?: 'sweep' | 'compare') {
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
  const { experiment } = parseLink(presets.byName(preset).link);
  store.dispatch({ type: 'opened', experiment, view: defaultView(), drawing: null, notices: [], preset });
  const host = document.createElement('div');
  const root = createRoot(host);
  await act(async () =>
    root.render(
      <PageProvider store={store}>
        <WatchNotes about={about} />
      </PageProvider>,
    ),
  );
  return { host, leave: () => act(async () => root.unmount()) };
}

async function expectNote(preset: string, about?: 'sweep' | 'compare'): Promise<void> {
  const { host, leave } = await shown(preset, about);
  // The texts of a question are a file of their own.
  await vi.waitFor(async () => {
    await act(async () => {});
    expect(host.textContent, preset).toContain('Watch:');
  });
  await leave();
}

async function expectNone(preset: string, about: 'sweep' | 'compare'): Promise<void> {
  const { host, leave } = await shown(preset, about);
  await import('../experiments/preset-words/network.ts');
  await act(async () => {});
  expect(host.innerHTML, preset).toBe('');
  await leave();
}

const withKey = (key: string) => presets.all.filter(({ link }) => link.includes(`&${key}=`)).map(({ name }) => name);

it('notes stay in the lab: beside a sweep or a comparison only those of one', async () => {
  const network = presets.all.find(({ group }) => group === 'network')?.name ?? '';
  const [[sweep], [compare]] = [withKey('sweep'), withKey('compare')];
  for (const name of [network, sweep, compare]) await expectNote(name);
  await expectNote(sweep, 'sweep');
  await expectNote(compare, 'compare');
  await expectNone(network, 'sweep');
  await expectNone(network, 'compare');
  await expectNone(sweep, 'compare');
});
