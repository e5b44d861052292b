import { errorText } from '../../charts/resize/error-text.ts';
import type { Cut } from '../../state/foretold.ts';
import { sizesText, WriteButton } from './foretold-size.tsx';
import { WayControl } from './way-control.tsx';

/** On a phone: the slider and what will come of it, at the foot of the window. */
export function CutDock({ cut }: { readonly cut: Cut }) {
  const { bytes, error } = cut.foretold;
  return (
    <section className="cut-dock" aria-label="Cut and write">
      <WayControl cut={cut} brief />
      <div className="cut-dock-row">
        <p className="foretold-brief">
          <span className="big">{sizesText(cut.file.adapter.bytes, bytes)}</span>
          <span>
            error <b>{errorText(error)}</b>
          </span>
        </p>
        <WriteButton cut={cut} />
      </div>
    </section>
  );
}
