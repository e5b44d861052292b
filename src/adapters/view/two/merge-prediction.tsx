import { useMemo } from 'react';
import { number } from '../../../experiment/numbers.ts';
import { mergedFileSize } from '../../file/pair/merged-file.ts';
import type { FilePair } from '../../state/adapters-state.ts';
import { mergeNumbers, ROUNDING_ERROR, sumName } from '../../state/predictions.ts';
import { EventButton, useAdapters } from '../context.tsx';
import { megabytes } from '../size-words.ts';

/** Size, rank and error of the merged file, or why it cannot be written; null until all modules are read. */
function useForetold({ plan }: FilePair) {
  const numbers = useAdapters(mergeNumbers);
  const files = useAdapters((s) => s.files);
  const size = useMemo(() => {
    const [a, b] = files;
    return a && b ? mergedFileSize(a.adapter, b.adapter, plan) : null;
  }, [files, plan]);
  if (!numbers || size === null) return null;
  const bytes = typeof size === 'number' ? megabytes(size) : sumName(plan);
  const nothing = numbers.curve[0] === 0 ? 'The sum is zero: there is nothing to write.' : null;
  return {
    size: `${bytes}, rank ${numbers.rank}`,
    error: numbers.error < ROUNDING_ERROR ? null : number(numbers.error),
    off: typeof size === 'number' ? nothing : `${size.fault} ${size.details}`,
  };
}

export function MergePrediction({ pair }: { readonly pair: FilePair }) {
  const foretold = useForetold(pair);
  if (!foretold) return null;
  const { size, error, off } = foretold;
  return (
    <>
      <div className="foretold">
        <p className="note">Before anything is written</p>
        <p className="big">{size}</p>
        <p>
          <ErrorOf error={error} />
        </p>
      </div>
      <div>
        <Write off={off !== null} className="btn main wide" />
        <p className="note">
          {off ??
            'Names and number format as in a; the base weights are in neither file. The written file is read back and compared.'}
        </p>
      </div>
    </>
  );
}

export function MergeDock({ pair }: { readonly pair: FilePair }) {
  const foretold = useForetold(pair);
  if (!foretold) return null;
  return (
    <section className="adapters-dock merge-dock" aria-label="Merge and write">
      <p>
        {foretold.size}
        <br />
        <ErrorOf error={foretold.error} />
      </p>
      <Write off={foretold.off !== null} className="btn main" />
    </section>
  );
}

function ErrorOf({ error }: { readonly error: string | null }) {
  return error === null ? (
    <>
      <b>exact</b>, but for rounding
    </>
  ) : (
    <>
      error of the sum <b>{error}</b>
    </>
  );
}

function Write({ off, className }: { readonly off: boolean; readonly className: string }) {
  const going = useAdapters((s) => s.work !== null);
  return (
    <EventButton className={className} disabled={going || off} event={{ type: 'write', does: 'merge' }}>
      Write the merged file
    </EventButton>
  );
}
