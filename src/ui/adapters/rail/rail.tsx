import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import type { AdaptersTab } from '../../../state/adapters/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { useChoose } from '../use-brought.ts';
import { Facts, FileLines } from './facts.tsx';
import { WhatToKnow } from './what-to-know.tsx';

/** What is set in a tab that writes a file, in the place of the file's facts. */
const SETTINGS: { readonly [tab in AdaptersTab]?: LazyExoticComponent<ComponentType> } = {
  resize: lazy(() => import('../resize/resize-rail.tsx')),
  two: lazy(() => import('../two/two-rail.tsx')),
};

/** The file, and what is to be known of it; where one is written, what is set. */
export function Rail() {
  const tab = useAdapters((s) => s.tab);
  const file = useAdapters((s) => s.files[0]);
  if (!file) return null;
  const Settings = SETTINGS[tab];
  if (Settings)
    return (
      <aside className="rail adapters-rail" aria-label={tab === 'resize' ? 'Resize' : 'Two adapters'}>
        {tab === 'resize' && <FileLines file={file} />}
        <Suspense>
          <Settings />
        </Suspense>
      </aside>
    );
  return (
    <aside className="rail adapters-rail" aria-label="File">
      <Facts file={file} />
      <WhatToKnow file={file} />
      <Foot />
    </aside>
  );
}

function Foot() {
  const another = useChoose('replace');
  const second = useChoose('second');
  const two = useAdapters((s) => s.files.length > 1);
  const dispatch = useAdaptersDispatch();
  return (
    <div className="foot">
      <button type="button" className="btn" onClick={() => another('files')}>
        Open another
      </button>
      <button type="button" className="btn" onClick={() => second('files')}>
        {two ? 'Change the second' : 'Add a second'}
      </button>
      <button type="button" className="link" onClick={() => dispatch({ type: 'close' })}>
        {two ? 'Close both' : 'Close file'}
      </button>
    </div>
  );
}
