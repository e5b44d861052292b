import './two.css';
import { useMemo } from 'react';
import { number, plural, trim } from '../../../experiment/numbers.ts';
import { LinkButton } from '../../../kit/button.tsx';
import { Check } from '../../../kit/choice.tsx';
import { SliderControl } from '../../../kit/slider.tsx';
import { evenTrack } from '../../../kit/track.ts';
import type { MergePlan } from '../../file/model.ts';
import { sameNorm } from '../../file/pair/compare.ts';
import { mergedFileSize } from '../../file/pair/merged-file.ts';
import type { FilePair, OpenedFile } from '../../state/adapters-state.ts';
import { allPairFigures, mergeNumbers, ROUNDING_ERROR, sumName } from '../../state/predictions.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from '../context.tsx';
import { shortLine } from '../file-facts.ts';
import { megabytes } from '../size-words.ts';
import { ChooseButton } from '../use-file-import.tsx';

const WEIGHTS = evenTrack(-1, 2, 0.05, [-1, 0, 1, 2]);

const naturals = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

export default function TwoRail() {
  const files = useAdapters((s) => s.files);
  const pair = useAdapters((s) => s.pair);
  return (
    <>
      <div className="two-files">
        {files.map((file, i) => (
          <TwoFile key={file.id} file={file} letter={i === 0 ? 'a' : 'b'} />
        ))}
        {pair && <MatchedLine pair={pair} files={files} />}
      </div>
      {pair && pair.matched.pairs.length > 0 ? <Merge pair={pair} /> : <Another />}
    </>
  );
}

function TwoFile({ file, letter }: { readonly file: OpenedFile; readonly letter: 'a' | 'b' }) {
  return (
    <div className="two-file">
      <span className={`sign ${letter}`} aria-hidden="true" />
      <div className="file">
        <b>{file.adapter.name}</b> <span className="letter">{letter}</span>
        <p className="note">{shortLine(file.adapter)}</p>
      </div>
    </div>
  );
}

function MatchedLine({ pair: { matched }, files }: { readonly pair: FilePair; readonly files: readonly OpenedFile[] }) {
  const [a, b] = files;
  const count = matched.pairs.length;
  const alone = matched.onlyFirst.length + matched.onlySecond.length + matched.unlike.length;
  const others = a && b && a.adapter.naming !== b.adapter.naming;
  const all =
    alone === 0
      ? `All ${plural(count, 'module')} match`
      : `${plural(count, 'module')} match, ${alone} ${alone === 1 ? 'does' : 'do'} not`;
  return (
    <p className="note">
      {all}
      {others ? ', though the two files name them differently' : ''}.{' '}
      <EventButton event={{ type: 'swap' }}>Swap</EventButton>{' '}
      <ChooseButton as="second" className="link">
        Change b
      </ChooseButton>
    </p>
  );
}

function Another() {
  const two = useAdapters((s) => s.files.length > 1);
  return <ChooseButton as="second">{two ? 'Change the second' : 'Choose the second file'}</ChooseButton>;
}

function Merge({ pair }: { readonly pair: FilePair }) {
  const numbers = useAdapters(mergeNumbers);
  const dispatch = useAdaptersDispatch();
  const { plan } = pair;
  const [w1, w2] = plan.weights;
  const figures = allPairFigures(pair);
  const same = figures ? sameNorm(figures, plan.weights) : null;
  const exact = numbers?.exactRank ?? 0;
  const rank = Math.min(plan.rank ?? Math.ceil(exact / 2), Math.max(1, exact));
  const alone = pair.matched.onlyFirst.length + pair.matched.onlySecond.length;
  const set = (changes: Partial<MergePlan>) => dispatch({ type: 'merge', changes });
  return (
    <>
      <Weight letter="a" value={w1} onChange={(value) => set({ weights: [value, w2] })} />
      <div>
        <Weight letter="b" value={w2} onChange={(value) => set({ weights: [w1, value] })} />
        {same !== null && (
          <LinkButton className="link same-norm" onClick={() => set({ weights: [w1, Number(same.toPrecision(4))] })}>
            Same norm for both
          </LinkButton>
        )}
      </div>
      {numbers ? (
        <>
          <fieldset className="radios">
            <legend>Merge by</legend>
            <label>
              <input type="radio" name="merge" checked={plan.rank === null} onChange={() => set({ rank: null })} />
              concatenation <span className="note">rank {exact}, exact</span>
            </label>
            <label>
              <input type="radio" name="merge" checked={plan.rank !== null} onChange={() => set({ rank })} />
              SVD to rank r′ <span className="note">with its error</span>
            </label>
          </fieldset>
          {plan.rank !== null && exact > 1 && (
            <SliderControl
              label="Rank r′"
              value={rank}
              text={String(rank)}
              track={evenTrack(1, exact, 1, exact <= 8 ? naturals(exact) : [1, Math.round(exact / 2), exact])}
              onValue={(value) => set({ rank: value })}
            />
          )}
          {alone > 0 && (
            <Check checked={plan.others === 'carried'} onChange={(on) => set({ others: on ? 'carried' : 'left out' })}>
              Carry {plural(alone, 'module')} of one file alone, times {alone === 1 ? 'its' : 'their'} weight
            </Check>
          )}
          <MergePrediction pair={pair} />
        </>
      ) : (
        <p className="note">
          {figures
            ? 'α is not known of both files: norms and sums need it.'
            : 'The merge can be set once all modules are read.'}
        </p>
      )}
    </>
  );
}

interface WeightProps {
  readonly letter: 'a' | 'b';
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Weight({ letter, value, onChange }: WeightProps) {
  return (
    <SliderControl
      label={
        <>
          <span className={`sign ${letter}`} aria-hidden="true" /> Weight of {letter}
        </>
      }
      value={value}
      text={trim(value).replace('-', '−')}
      track={WEIGHTS}
      onValue={onChange}
    />
  );
}

/** Size, rank and error of the merged file, or why it cannot be written; null until all modules are read. */
function useForetold({ plan }: FilePair) {
  const numbers = useAdapters(mergeNumbers);
  const files = useAdapters((s) => s.files);
  const size = useMemo(() => {
    const [a, b] = files;
    return a && b ? mergedFileSize([a.adapter, b.adapter], plan) : null;
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

function MergePrediction({ pair }: { readonly pair: FilePair }) {
  const foretold = useForetold(pair);
  if (!foretold) return null;
  const { size, error, off } = foretold;
  return (
    <>
      <div className="foretold">
        <p className="note">Preview</p>
        <p className="entry-title">{size}</p>
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
    <section className="row foot-bar adapters-dock merge-dock" aria-label="Merge and write">
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
