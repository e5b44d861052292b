import type { GridGroup } from '../../charts/grid/grid-scene.ts';

/** What a group of columns is called where one is shown at a time. */
export const nameOfGroup = ({ text }: Pick<GridGroup, 'text'>) => (text === '' ? 'others' : text);

interface GroupProps {
  readonly names: readonly string[];
  readonly shown: number;
  readonly onShow: (group: number) => void;
}

/** Which columns are shown: two groups as buttons, more as a native choice. */
export function GroupPicker({ names, shown: now, onShow }: GroupProps) {
  if (names.length < 2) return null;
  if (names.length > 2)
    return (
      <select aria-label="Columns" value={now} onChange={(event) => onShow(Number(event.target.value))}>
        {names.map((name, i) => (
          <option key={name} value={i}>
            {name}
          </option>
        ))}
      </select>
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend
    <div className="seg" role="group" aria-label="Columns">
      {names.map((name, i) => (
        <button key={name} type="button" aria-pressed={i === now} onClick={() => onShow(i)}>
          {name.replace('-attention', '')}
        </button>
      ))}
    </div>
  );
}
