import { Choice, optionsOf, Select } from '../../../kit/choice.tsx';
import type { GridGroup } from '../../charts/grid/grid-scene.ts';
import type { AdaptersState, Colour } from '../../state/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { COLOURS } from './grid-of-file.ts';

const ofColour = ({ colour }: AdaptersState) => colour;
const NAMES = optionsOf(COLOURS).map(([colour, { name }]) => [colour, name] as const);

/** What the cells show: buttons on a desk, a native choice on a phone. */
export function ColourPicker({ compact }: { readonly compact: boolean }) {
  const dispatch = useAdaptersDispatch();
  const choice = {
    'aria-label': 'Colour of the cells',
    options: NAMES,
    value: useAdapters(ofColour),
    onChange: (colour: Colour) => dispatch({ type: 'colour', colour }),
  };
  return compact ? <Select {...choice} /> : <Choice {...choice} />;
}

/** What a group of columns is called where one is shown at a time. */
export const nameOfGroup = ({ text }: Pick<GridGroup, 'text'>) => (text === '' ? 'others' : text);

interface GroupProps {
  readonly names: readonly string[];
  readonly shown: number;
  readonly onShow: (group: number) => void;
}

/** Which columns are shown: two groups as buttons, more as a native choice. */
export function GroupPicker({ names, shown, onShow }: GroupProps) {
  const choice = { 'aria-label': 'Columns', value: shown, onChange: onShow };
  if (names.length < 2) return null;
  if (names.length > 2) return <Select {...choice} options={names.map((name, i) => [i, name])} />;
  return <Choice {...choice} options={names.map((name, i) => [i, name.replace('-attention', '')])} />;
}
