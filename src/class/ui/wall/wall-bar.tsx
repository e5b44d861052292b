import { goTo } from '../../../state/places.ts';
import '../../../ui/bar/bar.css';
import { tableCsv } from '../../../charts/drawing/columns.ts';
import { writeGoal } from '../../../experiment/plan/goal.ts';
import { Button, LinkButton } from '../../../kit/button.tsx';
import { useMedia } from '../../../kit/media.tsx';
import { Menu } from '../../../kit/menu.tsx';
import { Mark } from '../../../ui/bar/bar.tsx';
import { Action, ThemePicker } from '../../../ui/bar/page-actions.tsx';
import { Press, useDispatch, useLab } from '../../../ui/page.tsx';
import { classTable } from '../../model/class-table.ts';
import { toggleNames, useChangeWall, useWallOrder, type WallView } from './use-wall.ts';

const LAB = goTo('lab');
const COPY = { type: 'command', command: 'copy-link' } as const;
const KEYS = { type: 'panel', panel: { name: 'keys' } } as const;
const NARROW = '(max-width: 760px)';

export function WallBar() {
  const title = useLab((s) => s.view.title);
  const change = useChangeWall();
  const narrow = useMedia(NARROW);
  const acts = (
    <>
      <Action event={LAB}>Back to the lab</Action>
      <ComparePinned />
      <LinkButton onClick={() => change(() => ({ presents: true }))}>Present</LinkButton>
    </>
  );
  return (
    <header className="bar">
      <h1>
        <Mark />
        LoRA Explorer
      </h1>
      <p className="wall-title">Class wall{title === '' ? '' : `: ${title}`}</p>
      <span className="sp" />
      {!narrow && acts}
      <Menu label="More" kind="more">
        {narrow && acts}
        {narrow && <Action event={COPY}>Copy link</Action>}
        <Action event={KEYS}>Shortcuts</Action>
        <ThemePicker />
      </Menu>
      {!narrow && (
        <Press title="The goal and the target, without the runs" event={COPY}>
          Copy link
        </Press>
      )}
    </header>
  );
}

function ComparePinned() {
  const pins = useLab((s) => s.compare.pins.length);
  const dispatch = useDispatch();
  if (pins === 0) return null;
  const compare = () => {
    dispatch(goTo('compare'));
    dispatch(LAB);
  };
  return (
    <Button className="link place" onClick={compare}>
      Compare <span className="count">{pins}</span>
    </Button>
  );
}

interface ActsProps {
  readonly shown: WallView;
  readonly adding: boolean;
  readonly onAdd: () => void;
}

export function WallActions({ shown, adding, onAdd }: ActsProps) {
  const { wall, standings, names, goal } = shown;
  const change = useChangeWall();
  const order = useWallOrder();
  if (wall.entries.length === 0) return null;
  const table = () =>
    order({
      table: tableCsv(classTable(standings, names, wall.hidden), [
        'LoRA Explorer: class wall, one line per run, best first',
        goal ? `goal ${writeGoal(goal)}; every run was trained again here from its link` : 'no goal',
      ]),
    });
  return (
    <span className="row wall-acts">
      <LinkButton aria-pressed={wall.hidden} onClick={() => change(toggleNames)}>
        Hide names
      </LinkButton>
      <Button aria-expanded={adding} onClick={onAdd}>
        Add runs …
      </Button>
      <Button onClick={table}>Table (CSV)</Button>
    </span>
  );
}
