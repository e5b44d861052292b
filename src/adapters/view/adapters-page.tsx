import './adapters.css';
import { type ComponentType, type LazyExoticComponent, Suspense, useEffect } from 'react';
import type { ViewName } from '../../experiment/settings/view.ts';
import { useWidth } from '../../kit/media.tsx';
import { NoticeLines } from '../../kit/notices.tsx';
import { CLINIC, goTo } from '../../state/places.ts';
import { SkipButton } from '../../ui/column.tsx';
import { Notices } from '../../ui/notices/notices.tsx';
import { lazyPart, Press, useLab, usePageTitle } from '../../ui/page.tsx';
import { EventButton, useAdapters, useAdaptersDispatch } from './context.tsx';
import { Going, LiveRegion, WorkProgress } from './progress.tsx';
import { AlphaQuestion, DroppedQuestion } from './questions.tsx';
import { FileDock, NameDetails, Rail } from './rail.tsx';
import { ChooseButton, useFileImport, useFilePicker } from './use-file-import.tsx';

const Smaller = lazyPart(() => import('./smaller/smaller.tsx'));
const Models = lazyPart(() => import('./models/models.tsx'));

const PANELS: { readonly [view in ViewName]?: LazyExoticComponent<ComponentType> } = {
  adapters: lazyPart(() => import('./overview/overview.tsx')),
  resize: lazyPart(() => import('./resize/resize.tsx')),
  two: lazyPart(() => import('./two/two.tsx')),
  convert: lazyPart(() => import('./convert/convert.tsx')),
  modules: lazyPart(() => import('./table/table.tsx')),
};

export default function AdaptersPage() {
  const smaller = useLab(({ view }) => view.view === 'smaller');
  const held = useFileImport(smaller ? 'replace' : undefined);
  useFocus();
  const desk = useWidth() === 'desk';
  const empty = useAdapters((s) => s.files.length === 0);
  const overview = useLab(({ view }) => view.view === 'adapters');
  const models = useAdapters((s) => s.models?.shown === true) && overview;
  const asks = useAdapters((s) => s.dropped !== null);
  const name = useAdapters((s) => s.files.at(0)?.adapter.name ?? '');
  usePageTitle(models ? 'Two models · Adapters' : name === '' ? 'Adapters' : `${name} · Adapters`);
  return (
    <>
      <SkipButton>Skip to the main content</SkipButton>
      {smaller ? (
        <main id="main" tabIndex={-1} className="smaller">
          <AdapterNotices />
          <Suspense>
            <Smaller />
          </Suspense>
        </main>
      ) : models ? (
        <Suspense>
          <Models notices={<AdapterNotices />} />
        </Suspense>
      ) : empty ? (
        <main id="main" tabIndex={-1} className="adapters-empty">
          <AdapterNotices />
          <WorkProgress />
          <EmptyPage />
        </main>
      ) : (
        <div className={asks ? 'adapters asks' : 'adapters'}>
          {desk && <Rail />}
          <main id="main" tabIndex={-1}>
            {desk ? (
              <div className="adapters-head">
                <Going />
              </div>
            ) : (
              <Rail />
            )}
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

/** If the focused element has gone from the page, the focus moves to the main part, not to the top of the page. */
function useFocus(): void {
  const files = useAdapters((s) => s.files.length);
  const notices = useAdapters((s) => s.notices.length);
  const dropped = useAdapters((s) => s.dropped);
  const idle = useAdapters((s) => s.work === null);
  const asks = useAdapters((s) => s.files.some(({ asksAlpha }) => asksAlpha));
  useEffect(() => {
    // To focus lays out the page: in a task of its own.
    const turn = setTimeout(() => {
      if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true });
    });
    return () => clearTimeout(turn);
  }, [files, notices, dropped, idle, asks]);
}

/** What can be done with a file, and the tab that says more of it without one. */
const USES: readonly (readonly [use: string, how: string, tab?: ViewName])[] = [
  ['See what each module learned', 'spectra, effective ranks, norms; layer by layer'],
  ['Find what is broken', 'an all-zero B, dead directions, spikes, a missing α'],
  ['Make it smaller', 'with the error known before the file is written', 'smaller'],
  ['Compare, merge, convert', 'exactly, or with the error in plain sight', 'two'],
];
const MODELS = ['Compare two whole models', 'what fine-tuning changed, and a LoRA cut from it'] as const;

function EmptyPage() {
  const busy = useAdapters((s) => s.work !== null);
  return (
    <div className="adapters-drop">
      <div>
        <h2 className="page-title">Drop a LoRA adapter here</h2>
        <p className="read">
          A <code>.safetensors</code> file, with its <code>adapter_config.json</code> if there is one; a folder or a zip
          that holds them. Works with files from PEFT, kohya, diffusers, LyCORIS and MLX. Drop two files to compare or
          merge them.
        </p>
        <p className="acts far-above far-below">
          <ChooseButton className="btn main" disabled={busy}>
            Choose files
          </ChooseButton>
          <ChooseButton what="folder" disabled={busy}>
            Choose a folder
          </ChooseButton>
          <EventButton className="btn" disabled={busy} event={{ type: 'example' }}>
            Open an example
          </EventButton>
          <span className="note">12 modules, rank 8, trained on this page</span>
        </p>
        <p>Nothing leaves this device. The file is read one module at a time, up to 2 GB; no link ever holds it.</p>
        <p>
          A run that goes wrong, and no file yet?{' '}
          <Press className="link under" event={CLINIC}>
            The clinic
          </Press>{' '}
          reads its config or its losses.
        </p>
      </div>
      <ul>
        {USES.map(([use, how, tab]) => (
          <li key={use}>
            {tab ? (
              <Press className="link under" event={goTo(tab)}>
                {use}
              </Press>
            ) : (
              use
            )}
            <span className="muted block">{how}</span>
          </li>
        ))}
        <li>
          <EventButton className="link under" event={{ type: 'models' }}>
            {MODELS[0]}
          </EventButton>
          <span className="muted block">{MODELS[1]}</span>
        </li>
      </ul>
    </div>
  );
}

/** The content of the tab; no norms before a person has answered for α. */
function Panel() {
  const Shown = useLab(({ view }) => PANELS[view.view]);
  const asks = useAdapters((s) => s.files.some(({ asksAlpha }) => asksAlpha));
  return (
    <div className="grow stack adapters-panel">
      {asks ? <AlphaQuestion /> : <Suspense>{Shown && <Shown />}</Suspense>}
    </div>
  );
}

/** Notices of the lab that are not about its run. */
const OF_PAGE = ['share', 'build', 'version'] as const;

/** Errors and partly supported files: the value and the remedy. */
function AdapterNotices() {
  const notices = useAdapters((s) => s.notices);
  const brought = useAdapters((s) => s.brought);
  const hasFile = useAdapters((s) => s.files.length > 0);
  const dispatch = useAdaptersDispatch();
  const choose = useFilePicker();
  return (
    <>
      <Notices only={OF_PAGE} />
      <NoticeLines
        notices={notices.map(({ id, tone, title, details, names, isModel }) => ({
          ...{ id, tone, title },
          body: (
            <>
              {' '}
              {details}
              {names && (
                <>
                  {' '}
                  <NameDetails names={names} />
                </>
              )}
            </>
          ),
          acts: [
            ...(isModel && hasFile
              ? [
                  {
                    label: 'Use as the base',
                    onPress: () => dispatch({ type: 'files', files: brought, as: 'adapter-base' }),
                  },
                ]
              : []),
            ...(isModel
              ? [{ label: 'Compare two models', onPress: () => dispatch({ type: 'models', files: brought }) }]
              : []),
            ...(tone === 'bad' ? [{ label: 'Choose another', onPress: choose }] : []),
          ],
          onDismiss: () => dispatch({ type: 'dismiss', id }),
        }))}
      />
    </>
  );
}
