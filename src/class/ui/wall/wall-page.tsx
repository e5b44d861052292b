import './wall.css';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useWindowKeys } from '../../../kit/arrows.ts';
import { useWidth } from '../../../kit/media.tsx';
import { SkipButton } from '../../../ui/column.tsx';
import { isKeyTaken } from '../../../ui/keys/keys.ts';
import { Notices } from '../../../ui/notices/notices.tsx';
import { useDispatch, useGetLab } from '../../../ui/page.tsx';
import { wallCurves } from '../../charts/wall-curves.ts';
import { wallEnds } from '../../charts/wall-ends.ts';
import { handCount, undoRemoval } from '../../state/wall.ts';
import { AddRuns } from './add-runs.tsx';
import { AskTheClass } from './ask-the-class.tsx';
import { ExampleNotice, useOneByOne } from './example-class.tsx';
import { FilesLine } from './files-line.tsx';
import { GoalSentence } from './goal-sentence.tsx';
import { PresentedWall, WallFigure } from './presented-wall.tsx';
import { toggleNames, useChangeWall, useWall, useWallOrder, useWallScene } from './use-wall.ts';
import { WallActions } from './wall-actions.tsx';
import { WallTable } from './wall-table.tsx';

/** Loaded with the first hand: most classes hand in runs. */
const HandsSection = lazy(() => import('./hands/hands-section.tsx'));

/** The runs of a class side by side: who reached the goal, and with which settings. */
export default function WallPage({ held }: { readonly held: boolean }) {
  const shown = useWall();
  const [pointed, point] = useState<number | null>(null);
  const [picture, setPicture] = useState<0 | 1 | null>(null);
  const [adding, setAdding] = useState(false);
  const scene = useWallScene(shown, pointed);
  const change = useChangeWall();
  const dispatch = useDispatch();
  const phone = useWidth() === 'phone';
  const { wall } = shown;
  const hands = handCount(wall) > 0;
  const runs = wall.entries.length > 0 || (wall.example !== null && wall.example.hands === undefined);
  const oneByOne = useOneByOne(shown);
  const pick = (chart: 0 | 1) => setPicture((old) => (old === chart ? null : chart));
  useWallKeys({
    n: () => change(toggleNames),
    f: () => (runs || hands) && change(({ presents }) => ({ presents: !presents })),
    Escape: () => (wall.presents ? change(() => ({ presents: false })) : setAdding(false)),
    c: () => dispatch({ type: 'command', command: 'copy-link' }),
    '?': () => dispatch({ type: 'panel', panel: { name: 'keys' } }),
    ...(wall.presents ? { '1': () => pick(0), '2': () => pick(1) } : {}),
  });
  usePaste();
  // What is chosen in the matrix stays chosen.
  const presented = wall.presents && !runs;
  if (wall.presents && runs)
    return <PresentedWall {...{ shown, scene, picture, oneByOne }} onPoint={point} onPick={pick} />;
  const empty = !runs && !hands;
  const files = (!empty || wall.left.length > 0) && <FilesLine shown={shown} />;
  return (
    <>
      {!presented && <SkipButton>Skip to the main content</SkipButton>}
      <main id="main" tabIndex={-1} className={presented ? 'wall presented' : 'wall'}>
        {presented && <h1 className="unseen">LoRA Explorer, class wall</h1>}
        <Notices />
        {wall.example && !presented && <ExampleNotice shown={shown} oneByOne={oneByOne} />}
        {hands && (
          <Suspense>
            <HandsSection {...{ shown, adding, presented }} onAdd={() => setAdding(!adding)} />
          </Suspense>
        )}
        {(runs || empty) && (
          <div className="wrap goal-row">
            <GoalSentence shown={shown} />
            <WallActions shown={shown} adding={adding} onAdd={() => setAdding(!adding)} />
          </div>
        )}
        {(empty || adding) && !presented && <AddRuns first={empty} done={() => setAdding(false)} />}
        {!runs ? (
          !presented && files
        ) : (
          <div className="wall-columns">
            <div className="table-column">
              <WallTable shown={shown} pointed={pointed} onPoint={point} />
              <AskTheClass shown={shown} floors={scene.floors} />
            </div>
            <div className="stack chart-column">
              <WallFigure chart={wallEnds} scene={scene} onPoint={point} />
              {!phone && <WallFigure chart={wallCurves} scene={scene} onPoint={point} />}
              {!phone && files}
            </div>
            {phone && files}
          </div>
        )}
      </main>
      {held && <p className="held">Drop run files here to add them.</p>}
    </>
  );
}

/** Keys anywhere on the wall, except while typing; `keys`: by `event.key`. */
function useWallKeys(keys: Readonly<Record<string, () => void>>): void {
  const now = useGetLab();
  const change = useChangeWall();
  useWindowKeys((event) => {
    const focus = event.target instanceof Element ? event.target : null;
    if (event.defaultPrevented || event.isComposing || isKeyTaken(event, focus)) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'z') change(undoRemoval);
    else if (control || event.altKey || event.repeat || !now().shortcuts || !Object.hasOwn(keys, event.key)) return;
    else keys[event.key]?.();
    event.preventDefault();
  });
}

/** Links and files that are pasted anywhere on the wall are added, except while typing. */
function usePaste(): void {
  const order = useWallOrder();
  const paste = useRef(order);
  paste.current = order;
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const focus = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || focus?.closest('input, textarea, dialog')) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const files = [...(event.clipboardData?.files ?? [])];
      if (text.trim() === '' && files.length === 0) return;
      event.preventDefault();
      paste.current(files.length > 0 ? { add: files } : { paste: text });
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, []);
}
