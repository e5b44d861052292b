import './wall.css';
import { Suspense, useEffect, useRef, useState } from 'react';
import { tableCsv } from '../../../charts/drawing/columns.ts';
import { plural, trim } from '../../../experiment/numbers.ts';
import { writeGoal } from '../../../experiment/plan/goal.ts';
import { errorsOf } from '../../../experiment/run-file/run-record.ts';
import { useWindowKeys } from '../../../kit/arrows.ts';
import { Button, LinkButton } from '../../../kit/button.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { goTo } from '../../../state/places.ts';
import { SkipButton } from '../../../ui/column.tsx';
import { isKeyTaken } from '../../../ui/keys/keys.ts';
import { Notices } from '../../../ui/notices/notices.tsx';
import { lazyPart, Press, useDispatch, useGetLab, useLab } from '../../../ui/page.tsx';
import { wallCurves } from '../../charts/wall-curves.ts';
import { wallEnds } from '../../charts/wall-ends.ts';
import { classTable, omissionText, sameRuns, targetMismatch, trainedOf } from '../../model/standings.ts';
import { handCount, undoRemoval } from '../../state/wall.ts';
import { AddRuns } from './add-runs.tsx';
import { ExampleNotice, useOneByOne } from './example-class.tsx';
import { GoalSentence } from './goal-sentence.tsx';
import { AskTheClass, PresentedWall, WallFigure } from './presented-wall.tsx';
import { toggleNames, useChangeWall, useWall, useWallOrder, useWallScene, type WallView } from './use-wall.ts';
import { WallTable } from './wall-table.tsx';

const MOST_SHOWN = 2;

interface FilesProps {
  readonly shown: WallView;
}

function FilesLine({ shown }: FilesProps) {
  const { wall, standings, names } = shown;
  const waiting = standings.filter(({ kind }) => kind === 'waiting').length;
  const trained = standings.length - waiting;
  return (
    <div className="under-rule muted files-line">
      {waiting > 0 && (
        <p>
          <progress value={trained} max={standings.length} aria-label="Runs trained here" /> Training every run from its
          link: {trained} of {standings.length}.
        </p>
      )}
      {/* Said once all are trained, not after each. */}
      <p role="status">{waiting === 0 && <Checked shown={shown} />}</p>
      {sameRuns(wall.entries, names).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Deciding shown={shown} />
      <Left shown={shown} />
      <Removed shown={shown} />
    </div>
  );
}

const came = ({ files, links }: WallView['wall']) =>
  [files > 0 ? plural(files, 'file') : '', links > 0 ? plural(links, 'link') : '']
    .filter((part) => part !== '')
    .join(' and ');

function Checked({ shown: { wall, standings } }: FilesProps) {
  const trained = wall.entries.filter(trainedOf);
  if (trained.length === 0) return came(wall) && <>{came(wall)}.</>;
  const claims = trained.filter(({ claim }) => claim && errorsOf(claim)).length;
  const wrong = standings.filter((one) => one.kind === 'unplaced' && one.disagrees).length;
  const seconds = trim(wall.spent / 1000, 2);
  return (
    <>
      {came(wall)}. <b>{trained.length}</b> {trained.length === 1 ? 'was' : 'were'} trained again here in {seconds} s
      {claims === 0
        ? '.'
        : wrong === 0
          ? ', and every file ends with the error that it says.'
          : `; ${plural(wrong, 'file')} ${wrong === 1 ? 'does' : 'do'} not agree with ${wrong === 1 ? 'its' : 'their'} link.`}
    </>
  );
}

/** Source of target and locks, if not the link of the wall; a way out if no run has that target. */
function Deciding({ shown: { wall } }: FilesProps) {
  const experiment = useLab((s) => s.experiment);
  const view = useLab((s) => s.view);
  const { entries, decides } = wall;
  const [first] = entries;
  const none = first && entries.every((entry) => targetMismatch({ experiment, view }, entry.experiment) !== null);
  if (none)
    return (
      <p>
        No run has the target of this wall.{' '}
        <Press className="link under" event={{ type: 'command', command: { wall: { follow: first.id } } }}>
          Use the target of {(!wall.hidden && first.name) || 'the first run'}
        </Press>
      </p>
    );
  if (decides === null || decides === 'link' || entries.length === 0) return null;
  return (
    <p>
      Target and locks are those of {wall.hidden ? 'the first run' : decides.first}: this wall was opened without a
      class link.
    </p>
  );
}

function Left({ shown: { wall } }: FilesProps) {
  const [open, setOpen] = useState(false);
  const { left } = wall;
  if (left.length === 0) return null;
  return (
    <>
      <p>
        <b>{left.length} left out:</b> {omissionText(left, MOST_SHOWN)}{' '}
        {left.length > 1 && (
          <Button className="link under" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Show fewer' : left.length === 2 ? 'Show both' : `Show all ${left.length}`}
          </Button>
        )}
      </p>
      {open && (
        <ul className="left-out">
          {left.map(({ what, why }, i) => (
            <li key={i}>
              <b>{what}</b> {why}.
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Removed({ shown: { wall } }: FilesProps) {
  const change = useChangeWall();
  const removed = wall.removed.at(0) ?? wall.removedHand;
  if (!removed) return null;
  return (
    <p role="status">
      {(!wall.hidden && removed.name) || `${'text' in removed ? 'hand' : 'run'} ${removed.id}`} was removed.{' '}
      <Button className="link under" onClick={() => change(undoRemoval)}>
        Undo
      </Button>
    </p>
  );
}

interface ActsProps {
  readonly shown: WallView;
  readonly adding: boolean;
  readonly onAdd: () => void;
}

function WallActions({ shown, adding, onAdd }: ActsProps) {
  const { wall, standings, names, goal } = shown;
  const change = useChangeWall();
  const pins = useLab((s) => s.compare.pins.length);
  const order = useWallOrder();
  if (wall.entries.length === 0) return null;
  const table = () =>
    order({
      table: tableCsv(classTable(standings, names, wall.hidden), [
        `LoRA Explorer: ${wall.example ? 'example class with made-up names' : 'class wall'}, one line per run, best first`,
        goal ? `goal ${writeGoal(goal)}; every run was trained again here from its link` : 'no goal',
      ]),
    });
  return (
    <span className="row wrap">
      {pins > 0 && (
        <Press className="link" event={goTo('compare')}>
          Compare {pins}
        </Press>
      )}
      <LinkButton aria-pressed={wall.hidden} onClick={() => change(toggleNames)}>
        Hide names
      </LinkButton>
      <Button aria-expanded={adding} onClick={onAdd}>
        Add runs …
      </Button>
      <Button onClick={table}>Table (CSV)</Button>
      <LinkButton onClick={() => change(() => ({ presents: true }))}>Present</LinkButton>
    </span>
  );
}

/** Loaded with the first hand: most classes hand in runs. */
const HandsSection = lazyPart(() => import('./hands/hands-section.tsx'));

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
