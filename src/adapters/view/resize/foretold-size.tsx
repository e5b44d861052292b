import { errorText } from '../../charts/resize/error-text.ts';
import type { Cut } from '../../state/foretold.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { megabytes } from '../size-words.ts';
import { lacksAlpha } from './cut-words.ts';

/** "1.20 → 0.439 MB": the unit once where both have it. */
export function sizesText(before: number, after: number): string {
  const [from, to] = [megabytes(before), megabytes(after)];
  const [value, unit] = from.split(' ');
  return unit === to.split(' ')[1] ? `${value} → ${to}` : `${from} → ${to}`;
}

/** Size and error of the file that would be written. */
export function ForetoldSize({ cut }: { readonly cut: Cut }) {
  const { bytes, error } = cut.foretold;
  return (
    <div className="foretold">
      <p className="note">Before anything is written</p>
      <p className="big">{sizesText(cut.file.adapter.bytes, bytes)}</p>
      <p>
        error <b>{errorText(error)}</b>, by Eckart–Young
      </p>
    </div>
  );
}

/** The button that writes; where it cannot, why. */
export function WriteButton({ cut }: { readonly cut: Cut }) {
  const dispatch = useAdaptersDispatch();
  const work = useAdapters((s) => s.work);
  const lacks = lacksAlpha(cut);
  const same = cut.foretold.bytes >= cut.file.adapter.bytes * 0.999;
  return (
    <div className="write">
      <button
        type="button"
        className="btn main"
        disabled={lacks || work !== null}
        aria-describedby={lacks ? 'write-off' : undefined}
        onClick={() => dispatch({ type: 'write', does: 'resize' })}
      >
        {work?.does === 'resize' ? 'Writing …' : same ? 'Write the file' : 'Write the smaller file'}
      </button>
      {lacks && (
        <p className="note" id="write-off">
          α is not known. A cut changes r and with it s = α/r, so α must be written anew.{' '}
          <button type="button" className="link set-alpha" onClick={() => dispatch({ type: 'alpha', answer: 'ask' })}>
            Set α
          </button>
        </p>
      )}
    </div>
  );
}
