import './two.css';
import { useMemo } from 'react';
import { number, percent, plural, trim } from '../../../experiment/numbers.ts';
import { Check, LinkButton } from '../../../kit/button.tsx';
import { evenTrack, SliderControl } from '../../../kit/slider.tsx';
import type { MergeMethod, MergePlan } from '../../file/model.ts';
import { sameNorm } from '../../file/pair/compare.ts';
import { mergedFileSize } from '../../file/pair/merged-file.ts';
import { mergedModules } from '../../file/pair/merged-modules.ts';
import type { FilePair, FoundOutlook, OpenedFile } from '../../state/adapters-state.ts';
import { allPairFigures, isPairSum, mergeNumbers, ROUNDING_ERROR, sumName } from '../../state/predictions.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from '../context.tsx';
import { shortLine } from '../file-facts.ts';
import { Seed } from '../seed.tsx';
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
          <TwoFile key={file.id} file={file} letter={LETTERS[i] ?? ''} />
        ))}
        {pair && <MatchedLine pair={pair} files={files} />}
      </div>
      {pair && pair.matched.pairs.length > 0 ? <Merge pair={pair} /> : <Another />}
    </>
  );
}

const LETTERS = 'abcdefghijklmnop';

/** As the lines of the charts, which compare the first two files. */
function Sign({ letter }: { readonly letter: string }) {
  return letter > 'b' ? null : <span className={`file-dot ${letter}`} aria-hidden="true" />;
}

function TwoFile({ file, letter }: { readonly file: OpenedFile; readonly letter: string }) {
  return (
    <div className="two-file">
      <span>
        <Sign letter={letter} />
      </span>
      <div className="file">
        <b>{file.adapter.name}</b> <span className="letter">{letter}</span>
        <p className="note">
          {shortLine(file.adapter)}
          {letter > 'b' && (
            <>
              {' '}
              <EventButton event={{ type: 'drop-further', file: file.id }}>Leave out</EventButton>
            </>
          )}
        </p>
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
  const files = useAdapters((s) => s.files);
  const [w1, w2, ...further] = plan.weights;
  const figures = allPairFigures(pair);
  const same = figures ? sameNorm(figures, plan.weights) : null;
  const exact = useExactRank(pair) ?? 0;
  const rank = Math.min(plan.rank ?? Math.ceil(exact / 2), Math.max(1, exact));
  const isDense = plan.method === 'ties' || plan.method === 'dare';
  const isExact = plan.method === 'sum' && plan.rank === null;
  const alone = pair.matched.onlyFirst.length + pair.matched.onlySecond.length;
  const set = (changes: Partial<MergePlan>) => dispatch({ type: 'merge', changes });
  return (
    <>
      <Weight letter="a" value={w1} onChange={(value) => set({ weights: [value, w2, ...further] })} />
      <div>
        <Weight letter="b" value={w2} onChange={(value) => set({ weights: [w1, value, ...further] })} />
        {same !== null && (
          <LinkButton
            className="link same-norm"
            onClick={() => set({ weights: [w1, Number(same.toPrecision(4)), ...further] })}
          >
            Same norm for both
          </LinkButton>
        )}
      </div>
      {further.map((weight, i) => (
        <Weight
          key={files[i + 2]?.id ?? i}
          letter={LETTERS[i + 2] ?? ''}
          value={weight}
          onChange={(value) => set({ weights: plan.weights.map((old, at) => (at === i + 2 ? value : old)) })}
        />
      ))}
      <ChooseButton as="further" className="link add-file">
        Add a file to the merge
      </ChooseButton>
      {numbers ? (
        <>
          <fieldset className="radios">
            <legend>Merge by</legend>
            <label>
              <input type="radio" name="merge" checked={isExact} onChange={() => set({ method: 'sum', rank: null })} />
              concatenation <span className="note">rank {exact}, exact</span>
            </label>
            <label>
              <input
                type="radio"
                name="merge"
                checked={plan.method === 'sum' && !isExact}
                onChange={() => set({ method: 'sum', rank })}
              />
              SVD to rank r′ <span className="note">with its error</span>
            </label>
            {OTHER_METHODS.map(([method, name, note]) => (
              <label key={method}>
                <input
                  type="radio"
                  name="merge"
                  checked={plan.method === method}
                  onChange={() => set({ method, rank: method === 'linear' ? null : rank, density: DENSITY[method] })}
                />
                {name} <span className="note">{note}</span>
              </label>
            ))}
          </fieldset>
          {isDense && (
            <SliderControl
              label="Density"
              value={plan.density}
              text={trim(plan.density)}
              track={DENSITIES}
              onValue={(density) => set({ density })}
            />
          )}
          {plan.method === 'dare' && (
            <div className="ctl">
              <Seed value={plan.seed} onValue={(seed) => set({ seed })} />
            </div>
          )}
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
          {isPairSum(plan) ? <MergePrediction pair={pair} /> : <MergeOutlook pair={pair} />}
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
  readonly letter: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Weight({ letter, value, onChange }: WeightProps) {
  return (
    <SliderControl
      label={
        <>
          <Sign letter={letter} /> Weight of {letter}
        </>
      }
      value={value}
      text={trim(value).replace('-', '−')}
      track={WEIGHTS}
      onValue={onChange}
    />
  );
}

const OTHER_METHODS = [
  ['linear', 'sum of factors', 'PEFT’s linear'],
  ['ties', 'TIES', 'trim, elect, mean'],
  ['dare', 'DARE', 'drop, rescale'],
] as const satisfies readonly (readonly [MergeMethod, string, string])[];
const DENSITY: Readonly<Record<(typeof OTHER_METHODS)[number][0], number>> = { linear: 1, ties: 0.2, dare: 0.5 };
const DENSITIES = evenTrack(0.05, 1, 0.05, [0.2, 0.5, 1]);

/** The largest rank of the exact sum of all files; null if there is none. */
function useExactRank({ plan }: FilePair): number | null {
  const files = useAdapters((s) => s.files);
  const { weights, others } = plan;
  return useMemo(() => {
    const adapters = files.map(({ adapter }) => adapter);
    const exact = { ...SUM, weights, others };
    const modules = adapters.length === weights.length ? mergedModules(adapters, exact) : [];
    return 'fault' in modules ? null : modules.reduce((max, { module }) => Math.max(max, module.rank), 0);
  }, [files, weights, others]);
}

const SUM = { method: 'sum', rank: null, density: 1, seed: 0, dtype: null } as const;

/** A merge that figures of pairs do not predict: its error is computed on request, and known before it is written. */
function MergeOutlook({ pair: { plan, outlook } }: { readonly pair: FilePair }) {
  const size = useMergedSize(plan);
  if (typeof size !== 'number') return <p className="note">{`${size.fault} ${size.details}`}</p>;
  const found = outlook?.plan === plan ? outlook : null;
  return (
    <>
      <div className="foretold">
        <p className="note">Preview</p>
        <p className="entry-title">{megabytes(size)}</p>
        {found && <OutlookFacts outlook={found} method={plan.method} />}
      </div>
      <div>
        <ComputeOrWrite found={found !== null} className="btn main wide" />
        <p className="note">
          {plan.method === 'linear'
            ? 'Factors are added, and not their products: cross terms are its error.'
            : plan.method === 'sum'
              ? 'Layers are matched over all files; names and number format as in a.'
              : 'On the entries of ΔW, then cut to r′: the error is what this rank cannot hold of it.'}
        </p>
      </div>
    </>
  );
}

function useMergedSize(plan: MergePlan) {
  const files = useAdapters((s) => s.files);
  return useMemo(
    () =>
      mergedFileSize(
        files.map(({ adapter }) => adapter),
        plan,
      ),
    [files, plan],
  );
}

function ComputeOrWrite({ found, className }: { readonly found: boolean; readonly className: string }) {
  const going = useAdapters((s) => s.work !== null);
  return found ? (
    <Write off={false} className={className} />
  ) : (
    <EventButton className={className} disabled={going} event={{ type: 'foretell' }}>
      Compute the error
    </EventButton>
  );
}

function OutlookFacts({ outlook, method }: { readonly outlook: FoundOutlook; readonly method: MergeMethod }) {
  const { conflicts } = outlook;
  return (
    <>
      <p>
        <OutlookError outlook={outlook} method={method} />
      </p>
      {conflicts.signs !== null && (
        <p className="note">
          {percent(conflicts.signs)} of the energy is in entries whose signs differ; subspaces overlap by{' '}
          {number(conflicts.overlap ?? 0)}.
        </p>
      )}
    </>
  );
}

function OutlookError({ outlook: { foretold }, method }: Parameters<typeof OutlookFacts>[0]) {
  if (method !== 'ties' && method !== 'dare')
    return <ErrorOf error={foretold.error < ROUNDING_ERROR ? null : number(foretold.error)} />;
  return (
    <>
      error of the cut <b>{number(foretold.error)}</b>, {number(foretold.offSum ?? 0)} off the plain sum
    </>
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
  return isPairSum(pair.plan) ? <SumDock pair={pair} /> : <OutlookDock pair={pair} />;
}

function OutlookDock({ pair: { plan, outlook } }: { readonly pair: FilePair }) {
  const size = useMergedSize(plan);
  const found = outlook?.plan === plan ? outlook : null;
  if (typeof size !== 'number') return null;
  return (
    <section className="row foot-bar adapters-dock merge-dock" aria-label="Merge and write">
      <p>
        {megabytes(size)}
        {found && (
          <>
            <br />
            <OutlookError outlook={found} method={plan.method} />
          </>
        )}
      </p>
      <ComputeOrWrite found={found !== null} className="btn main" />
    </section>
  );
}

function SumDock({ pair }: { readonly pair: FilePair }) {
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
