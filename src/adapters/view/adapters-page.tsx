import './adapters.css';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import { count } from '../../experiment/numbers.ts';
import { optionsOf } from '../../kit/choice.tsx';
import { useWidth } from '../../kit/media.tsx';
import { NoticeLines } from '../../kit/notices.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { Notices } from '../../ui/notices/notices.tsx';
import type { AdaptersTab } from '../state/adapters-state.ts';
import { AdaptersBar } from './adapters-bar.tsx';
import { AlphaQuestion } from './alpha-question.tsx';
import { useAdapters, useAdaptersDispatch } from './context.tsx';
import { DroppedQuestion } from './dropped-question.tsx';
import { EmptyPage } from './empty-page.tsx';
import { Names } from './names.tsx';
import { Going, LiveRegion } from './progress.tsx';
import { FileDock, Rail } from './rail/rail.tsx';
import { useBroughtFiles, useChoose } from './use-brought.ts';
import { useFocus } from './use-focus.ts';

const PANELS: Readonly<Record<AdaptersTab, LazyExoticComponent<ComponentType>>> = {
  overview: lazy(() => import('./overview/overview.tsx')),
  resize: lazy(() => import('./resize/resize.tsx')),
  two: lazy(() => import('./two/two.tsx')),
  convert: lazy(() => import('./convert/convert.tsx')),
  modules: lazy(() => import('./table/table.tsx')),
};

function skip(): void {
  document.getElementById('main')?.focus();
}

/** Real adapter files: opened, measured, cut, compared, merged, converted. */
export default function AdaptersPage() {
  const held = useBroughtFiles();
  useFocus(
    useAdapters((s) => s.files.length),
    useAdapters((s) => s.notices.length),
    useAdapters((s) => s.dropped),
    useAdapters((s) => s.work === null),
    useAdapters((s) => s.files.some(({ asksAlpha }) => asksAlpha)),
  );
  const desk = useWidth() === 'desk';
  const empty = useAdapters((s) => s.files.length === 0);
  return (
    <>
      <button type="button" className="skip" onClick={skip}>
        Skip to the main content
      </button>
      <AdaptersBar />
      {empty ? (
        <main id="main" tabIndex={-1} className="adapters-empty">
          <AdapterNotices />
          <Going />
          <EmptyPage />
        </main>
      ) : (
        <div className="adapters">
          {desk && <Rail />}
          <main id="main" tabIndex={-1}>
            <div className="adapters-head">
              <Views />
              {desk && <Going />}
            </div>
            {!desk && <Rail />}
            <FileDock />
            <AdapterNotices />
            <DroppedQuestion />
            {!desk && <Going />}
            <Panel />
          </main>
        </div>
      )}
      <LiveRegion />
      {held && <p className="held">Drop adapter files here to open them.</p>}
    </>
  );
}

const VIEWS = optionsOf<AdaptersTab, string>({
  overview: 'Overview',
  resize: 'Resize',
  two: 'Two adapters',
  convert: 'Convert',
  modules: 'All modules',
});
const PANEL = 'adapters-panel';

/** What can be seen and done with a file. */
function Views() {
  const open = useAdapters((s) => s.tab);
  const dispatch = useAdaptersDispatch();
  return (
    <Tabs
      className="adapters-tabs"
      aria-label="View of the file"
      panel={PANEL}
      tabs={VIEWS}
      shown={open}
      onShow={(tab) => dispatch({ type: 'tab', tab })}
    />
  );
}

/** What the tab holds; nothing with a norm in it before a person has said what α is. */
function Panel() {
  const tab = useAdapters((s) => s.tab);
  const asks = useAdapters((s) => s.files.some(({ asksAlpha }) => asksAlpha));
  const Shown = PANELS[tab];
  return (
    <div role="tabpanel" id={PANEL} aria-labelledby={`${PANEL}-${tab}`} className="adapters-panel">
      {asks ? (
        <AlphaQuestion />
      ) : (
        <Suspense>
          <Shown />
        </Suspense>
      )}
    </div>
  );
}

/** What the lab says that is not about its run. */
const OF_PAGE = ['share', 'build', 'version'] as const;

/** What went wrong or is shown only in part: which value, and what to do. */
function AdapterNotices() {
  const notices = useAdapters((s) => s.notices);
  const dispatch = useAdaptersDispatch();
  const choose = useChoose();
  return (
    <>
      <Notices only={OF_PAGE} />
      <NoticeLines
        notices={notices.map(({ id, tone, title, details, acts, names }) => ({
          ...{ id, tone, title },
          body: (
            <>
              {' '}
              {details}
              {names && (
                <>
                  {' '}
                  <details>
                    <summary>{names.length === 1 ? 'Show the name' : `Show all ${count(names.length)} names`}</summary>
                    <Names of={names} />
                  </details>
                </>
              )}
            </>
          ),
          acts: acts.includes('choose') ? [{ label: 'Choose another', onPress: () => choose('files') }] : [],
          onDismiss: () => dispatch({ type: 'dismiss', id }),
        }))}
      />
    </>
  );
}
