import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import { useWidth } from '../../../kit/media.tsx';
import type { AdaptersTab, OpenedFile } from '../../state/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { megabytes } from '../size-words.ts';
import { useChoose } from '../use-brought.ts';
import { Facts, FileLines } from './facts.tsx';
import { WhatToKnow } from './what-to-know.tsx';

/** What is set in a tab that writes a file, in the place of the file's facts. */
const SETTINGS: { readonly [tab in AdaptersTab]?: LazyExoticComponent<ComponentType> } = {
  resize: lazy(() => import('../resize/resize-rail.tsx')),
  two: lazy(() => import('../two/two-rail.tsx')),
};

/** The file, and what is to be known of it; where one is written, what is set. Where there is no room beside the page it is folded over it. */
export function Rail() {
  const tab = useAdapters((s) => s.tab);
  const file = useAdapters((s) => s.files[0]);
  const width = useWidth();
  if (!file) return null;
  const Settings = SETTINGS[tab];
  const label = Settings ? (tab === 'resize' ? 'Resize' : 'Two adapters') : 'File';
  const content = Settings ? (
    <>
      {tab === 'resize' && <FileLines file={file} />}
      <Suspense>
        <Settings />
      </Suspense>
    </>
  ) : (
    <>
      <Facts file={file} />
      <WhatToKnow file={file} />
      <Foot />
    </>
  );
  if (width === 'desk')
    return (
      <aside className="adapters-rail" aria-label={label}>
        {content}
      </aside>
    );
  return (
    <aside className="adapters-fold" aria-label={label}>
      <details key={label} open={Settings !== undefined && width !== 'phone'}>
        <summary>
          <b>{Settings ? 'Settings' : file.adapter.name}</b>
          <span>{Settings ? file.adapter.name : foldWords(file)}</span>
        </summary>
        <div className="adapters-rail">{content}</div>
      </details>
    </aside>
  );
}

/** "3.23 MB, 3 notes". */
function foldWords({ adapter, warnings }: OpenedFile): string {
  const notes = warnings.filter(({ tone }) => tone !== 'fine').length;
  return `${megabytes(adapter.bytes)}${notes === 0 ? '' : `, ${notes} ${notes === 1 ? 'note' : 'notes'}`}`;
}

/** At the foot of a phone: what a person is most likely to do next. */
export function FileDock() {
  const another = useChoose('replace');
  const tab = useAdapters((s) => s.tab);
  const dispatch = useAdaptersDispatch();
  const phone = useWidth() === 'phone';
  if (!phone || tab === 'resize' || tab === 'two') return null;
  return (
    <div className="adapters-dock">
      <button type="button" className="btn" onClick={() => another('files')}>
        Open another
      </button>
      <button type="button" className="btn main" onClick={() => dispatch({ type: 'tab', tab: 'resize' })}>
        Resize
      </button>
    </div>
  );
}

function Foot() {
  const another = useChoose('replace');
  const second = useChoose('second');
  const two = useAdapters((s) => s.files.length > 1);
  const dispatch = useAdaptersDispatch();
  return (
    <div className="foot">
      <button type="button" className="btn alone" onClick={() => another('files')}>
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
