import { type ComponentProps, useState } from 'react';
import { Choice, Select } from '../../../kit/button.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { placeOf } from '../../../kit/modules/grid-scene.ts';
import { ModuleGrid } from '../../../kit/modules/module-grid.tsx';
import { singleGroup } from './file-grid.ts';

interface ColouredGridProps<C> extends ComponentProps<typeof ModuleGrid> {
  readonly colours: readonly (readonly [colour: C, name: string])[];
  readonly colour: C;
  readonly onColour: (colour: C) => void;
  readonly groupLabel?: (group: string) => string;
}

/** A grid with a choice of its numbers; on a phone one group of columns at a time. */
export function ColouredGrid<C extends string>(props: ColouredGridProps<C>) {
  const { colours, colour, onColour, groupLabel, ...grid } = props;
  const { scene, label, caption, chosen } = grid;
  const phone = useWidth() === 'phone';
  // The group of the chosen module comes first.
  const [group, setGroup] = useState(() => {
    const column = placeOf(scene, chosen)?.[1] ?? 0;
    return scene.groups.findIndex(({ to }) => column < to);
  });
  const at = Math.max(0, Math.min(group, scene.groups.length - 1));
  const names = scene.groups.map(({ text }) => (text === '' ? 'others' : text));
  const choice = { 'aria-label': 'Colour of the cells', options: colours, value: colour, onChange: onColour };
  if (!phone)
    return (
      <>
        <div className="ends grid-head">
          <h2>Layer × module</h2>
          <Choice {...choice} />
        </div>
        <ModuleGrid {...grid} />
      </>
    );
  return (
    <>
      <div className="grid-choices">
        <Select {...choice} />
        <GroupPicker names={names} shown={at} onShow={setGroup} />
      </div>
      <ModuleGrid
        {...grid}
        scene={singleGroup(scene, at)}
        label={groupLabel?.(names[at]) ?? label}
        caption={[...caption, 'tap a cell']}
      />
    </>
  );
}

interface GroupProps {
  readonly names: readonly string[];
  readonly shown: number;
  readonly onShow: (group: number) => void;
}

function GroupPicker({ names, shown, onShow }: GroupProps) {
  const choice = { 'aria-label': 'Columns', value: shown, onChange: onShow };
  if (names.length < 2) return null;
  if (names.length > 2) return <Select {...choice} options={names.map((name, i) => [i, name])} />;
  return <Choice {...choice} options={names.map((name, i) => [i, name.replace('-attention', '')])} />;
}
