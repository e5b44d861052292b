import { useState } from 'react';
import { plural, trim } from '../../../experiment/numbers.ts';
import { errorsOf } from '../../../experiment/run-file/run-record.ts';
import { Button } from '../../../kit/button.tsx';
import { Press, useLab } from '../../../ui/page.tsx';
import { omissionText, sameRuns } from '../../model/class-table.ts';
import { targetMismatch, trainedOf } from '../../model/standings.ts';
import { undoRemoval } from '../../state/wall.ts';
import { useChangeWall, type WallView } from './use-wall.ts';

const MOST_SHOWN = 2;

interface FilesProps {
  readonly shown: WallView;
}

export function FilesLine({ shown }: FilesProps) {
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
