import { errorText } from '../../charts/resize/cut-spectrum.ts';
import type { CutPlan } from '../../state/predictions.ts';
import { EventButton, useAdapters } from '../context.tsx';
import { sizeParts } from '../size-words.ts';
import { lacksAlpha } from './cut-words.ts';
import { WayControl } from './way-control.tsx';

export interface CutProps {
  readonly cut: CutPlan;
}

/** "1.20 → 0.439 MB": the unit once if both have it. */
function sizesText({ file, foretold }: CutPlan): string {
  const [[from, unit], [to, other]] = [sizeParts(file.adapter.bytes), sizeParts(foretold.bytes)];
  return unit === other ? `${from} → ${to} ${unit}` : `${from} ${unit} → ${to} ${other}`;
}

export function PredictedSize({ cut }: CutProps) {
  return (
    <div className="foretold">
      <p className="note">Before anything is written</p>
      <p className="big">{sizesText(cut)}</p>
      <p>
        error <b>{errorText(cut.foretold.error)}</b>, by Eckart–Young
      </p>
    </div>
  );
}

export function WriteButton({ cut }: CutProps) {
  const work = useAdapters((s) => s.work);
  const lacks = lacksAlpha(cut);
  const same = cut.foretold.bytes >= cut.file.adapter.bytes * 0.999;
  return (
    <div className="write">
      <EventButton
        className="btn main"
        disabled={lacks || work !== null}
        aria-describedby={lacks ? 'write-off' : undefined}
        event={{ type: 'write', does: 'resize' }}
      >
        {work?.does === 'resize' ? 'Writing …' : same ? 'Write the file' : 'Write the smaller file'}
      </EventButton>
      {lacks && (
        <p className="note" id="write-off">
          α is not known. A cut changes r and with it s = α/r, so α must be written anew.{' '}
          <EventButton className="link set-alpha" event={{ type: 'alpha', answer: 'ask' }}>
            Set α
          </EventButton>
        </p>
      )}
    </div>
  );
}

export function CutDock({ cut }: CutProps) {
  return (
    <section className="cut-dock" aria-label="Cut and write">
      <WayControl cut={cut} brief />
      <div className="cut-dock-row">
        <p className="foretold-brief">
          <span className="big">{sizesText(cut)}</span>
          <span>
            error <b>{errorText(cut.foretold.error)}</b>
          </span>
        </p>
        <WriteButton cut={cut} />
      </div>
    </section>
  );
}
