import { tableCsv } from '../../../charts/drawing/columns.ts';
import { writeGoal } from '../../../experiment/plan/goal.ts';
import { Button, LinkButton } from '../../../kit/button.tsx';
import { goTo } from '../../../state/places.ts';
import { Press, useLab } from '../../../ui/page.tsx';
import { classTable } from '../../model/class-table.ts';
import { toggleNames, useChangeWall, useWallOrder, type WallView } from './use-wall.ts';

interface ActsProps {
  readonly shown: WallView;
  readonly adding: boolean;
  readonly onAdd: () => void;
}

export function WallActions({ shown, adding, onAdd }: ActsProps) {
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
