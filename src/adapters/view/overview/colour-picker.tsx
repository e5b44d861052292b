import type { AdaptersState, Colour } from '../../state/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { COLOURS } from './grid-of-file.ts';

const ofColour = ({ colour }: AdaptersState) => colour;
const NAMES = Object.keys(COLOURS) as Colour[];

/** What the cells show: buttons on a desk, a native choice on a phone. */
export function ColourPicker({ compact }: { readonly compact: boolean }) {
  const colour = useAdapters(ofColour);
  const dispatch = useAdaptersDispatch();
  const take = (name: Colour) => dispatch({ type: 'colour', colour: name });
  if (compact)
    return (
      <select aria-label="Colour of the cells" value={colour} onChange={(event) => take(event.target.value as Colour)}>
        {NAMES.map((name) => (
          <option key={name} value={name}>
            {COLOURS[name].name}
          </option>
        ))}
      </select>
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend, which stands beside it
    <div className="seg" role="group" aria-label="Colour of the cells">
      {NAMES.map((name) => (
        <button key={name} type="button" aria-pressed={name === colour} onClick={() => take(name)}>
          {COLOURS[name].name}
        </button>
      ))}
    </div>
  );
}
