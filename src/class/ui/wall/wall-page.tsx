import { Button } from '../../../kit/button.tsx';
import './wall.css';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { diffKeys, withAutoRate } from '../../../experiment/settings/experiment.ts';
import { useWindowKeys } from '../../../kit/arrows.ts';
import { useWidth } from '../../../kit/media.tsx';
import { MAX_PINS } from '../../../state/compare/pins.ts';
import { isKeyTaken } from '../../../ui/keys/keys.ts';
import { Notices } from '../../../ui/notices/notices.tsx';
import { useDispatch, useGetLab, useLab } from '../../../ui/page.tsx';
import { wallCurves } from '../../charts/wall-curves.ts';
import { wallEnds } from '../../charts/wall-ends.ts';
import type { WallScene } from '../../charts/wall-scene.ts';
import { AddRunsForm, RunSources, useWallOrder } from './add-runs.tsx';
import { FilesLine } from './files-line.tsx';
import { GoalSentence } from './goal-sentence.tsx';
import { PresentedWall, WallFigure } from './presented-wall.tsx';
import { useChangeWall, useWall, useWallScene, type WallView } from './use-wall.ts';
import { WallActions, WallBar } from './wall-bar.tsx';
import { PLACE_KEY } from './wall-columns.ts';
import { WallTable } from './wall-table.tsx';

/** The runs of a class side by side: who reached the goal, and with which settings. */
export default function WallPage({ held }: { readonly held: boolean }) {
  const shown = useWall();
  const [pointed, point] = useState<number | null>(null);
  const [picture, setPicture] = useState<0 | 1 | null>(null);
  const [adding, setAdding] = useState(false);
  const scene = useWallScene(shown, pointed);
  const change = useChangeWall();
  const dispatch = useDispatch();
  const now = useGetLab();
  const order = useWallOrder();
  const { wall } = shown;
  const pick = (chart: 0 | 1) => setPicture((old) => (old === chart ? null : chart));
  useWallKeys(
    {
      n: () => change({ hidden: !wall.hidden }),
      f: () => change({ presents: !wall.presents }),
      Escape: () => (wall.presents ? change({ presents: false }) : setAdding(false)),
      c: () => dispatch({ type: 'command', command: 'copy-link' }),
      '?': () => dispatch({ type: 'panel', panel: { name: 'keys' } }),
      ...(wall.presents ? { '1': () => pick(0), '2': () => pick(1) } : {}),
    },
    {
      shortcuts: () => now().shortcuts,
      undo: () => change({ entries: [...wall.entries, ...wall.removed].sort((a, b) => a.id - b.id), removed: [] }),
      paste: (text, files) => order(files.length > 0 ? { add: files } : { paste: text }),
    },
  );
  if (wall.presents)
    return <PresentedWall shown={shown} scene={scene} picture={picture} onPoint={point} onPick={pick} />;
  const empty = wall.entries.length === 0;
  return (
    <>
      <Button className="skip" onClick={skip}>
        Skip to the main content
      </Button>
      <WallBar />
      <main id="main" tabIndex={-1} className="wall">
        <Notices />
        <div className="goal-row">
          <GoalSentence shown={shown} />
          <WallActions shown={shown} adding={adding} onAdd={() => setAdding(!adding)} />
        </div>
        {(empty || adding) && (
          <Adding first={empty}>
            <AddRunsForm done={() => setAdding(false)} />
            {empty && <RunSources />}
          </Adding>
        )}
        {empty ? (
          wall.left.length > 0 && <FilesLine shown={shown} />
        ) : (
          <Runs shown={shown} scene={scene} pointed={pointed} onPoint={point} />
        )}
      </main>
      {held && <p className="held">Drop run files here to add them.</p>}
    </>
  );
}

function skip(): void {
  document.getElementById('main')?.focus();
}

/** Takes the focus if opened on request. */
function Adding({ first, children }: { readonly first: boolean; readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!first) box.current?.querySelector<HTMLElement>('button')?.focus();
  }, [first]);
  return (
    <div ref={box} className="adding">
      {children}
    </div>
  );
}

interface RunsProps {
  readonly shown: WallView;
  readonly scene: WallScene;
  readonly pointed: number | null;
  readonly onPoint: (run: number | null) => void;
}

function Runs({ shown, scene, pointed, onPoint }: RunsProps) {
  const [sort, setSort] = useState({ key: PLACE_KEY, down: false });
  const reference = useLab((s) => s.experiment);
  const width = useWidth();
  const change = useChangeWall();
  const now = useGetLab();
  const entries = () => now().wall?.entries ?? [];
  const rename = (run: number, name: string) =>
    change({ entries: entries().map((entry) => (entry.id === run ? { ...entry, name } : entry)) });
  const remove = (run: number) =>
    change({ entries: entries().filter(({ id }) => id !== run), removed: entries().filter(({ id }) => id === run) });
  const pinning = useWallPins(shown);
  const table = (
    <WallTable
      shown={shown}
      reference={reference}
      phone={width === 'phone'}
      sort={sort}
      onSort={setSort}
      pointed={pointed}
      onPoint={onPoint}
      onName={rename}
      onRemove={remove}
      {...pinning}
    />
  );
  return (
    <div className="wall-columns">
      <div className="table-column">{table}</div>
      <div className="chart-column">
        <WallFigure chart={wallEnds} scene={scene} onPoint={onPoint} />
        {width !== 'phone' && <WallFigure chart={wallCurves} scene={scene} onPoint={onPoint} />}
        {width !== 'phone' && <FilesLine shown={shown} />}
      </div>
      {width === 'phone' && <FilesLine shown={shown} />}
    </div>
  );
}

/** By `event.key`. */
export type WallKeys = Readonly<Record<string, () => void>>;

interface PageActions {
  readonly shortcuts: () => boolean;
  readonly undo: () => void;
  readonly paste: (text: string, files: readonly File[]) => void;
}

/** Keys and paste anywhere on the wall, except while typing. */
function useWallKeys(keys: WallKeys, outside: PageActions): void {
  useWindowKeys((event) => {
    const focus = event.target instanceof Element ? event.target : null;
    if (event.defaultPrevented || event.isComposing || isKeyTaken(event, focus)) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'z') outside.undo();
    else if (control || event.altKey || event.repeat || !outside.shortcuts() || !Object.hasOwn(keys, event.key)) return;
    else keys[event.key]?.();
    event.preventDefault();
  });
  const paste = useRef(outside.paste);
  paste.current = outside.paste;
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const focus = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || focus?.closest('input, textarea, dialog')) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const files = [...(event.clipboardData?.files ?? [])];
      if (text.trim() === '' && files.length === 0) return;
      event.preventDefault();
      paste.current(text, files);
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, []);
}

interface WallPins {
  readonly pinned: ReadonlySet<number>;
  readonly full: boolean;
  readonly onPin: (run: number) => void;
}

/** Pins runs of the wall, under the names shown, for a comparison in the lab. */
function useWallPins({ wall: { entries }, names }: WallView): WallPins {
  const pins = useLab((s) => s.compare.pins);
  const dispatch = useDispatch();
  const found = useMemo(
    () =>
      new Map(
        entries.flatMap(({ id, experiment }) => {
          const settings = withAutoRate(experiment);
          const pin = pins.find((one) => one.own === names.get(id) && diffKeys(one.experiment, settings).length === 0);
          return pin ? [[id, pin.id] as const] : [];
        }),
      ),
    [entries, names, pins],
  );
  const pinned = useMemo(() => new Set(found.keys()), [found]);
  const onPin = (run: number) => {
    const entry = entries.find(({ id }) => id === run);
    const pin = found.get(run);
    if (pin !== undefined) dispatch({ type: 'compare', does: 'unpin', pin });
    else if (entry) {
      const asked = { own: names.get(run) ?? null, experiment: withAutoRate(entry.experiment) };
      dispatch({ type: 'compare', does: 'add', pins: [asked] });
    }
  };
  return { pinned, full: pins.length >= MAX_PINS, onPin };
}
