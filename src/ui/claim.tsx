import { count, number } from '../experiment/numbers.ts';
import { adapterOf, countsOf } from '../experiment/settings/counts.ts';
import { isComplete, shownModule } from '../state/run/run.ts';
import { decidesOf, reachOf, zeroAtStart } from '../state/select.ts';
import { useShown } from './page.tsx';

const W0 = <i className="w0">W₀</i>;
const A = <i className="a">A</i>;
const B = <i className="b">B</i>;
const DW = <i className="dw">ΔW</i>;
const TARGET = <i className="dwt">ΔW*</i>;

/** The sentence that says what the page shows. Phones and projectors get a shorter one. */
export function Claim({ short }: { readonly short: boolean }) {
  const e = useShown((s) => s.experiment);
  const dead = useShown((s) => zeroAtStart(s) === 'both');
  const moves = useShown((s) => !!shownModule(s)?.moved);
  const frozen = useShown((s) => shownModule(s)?.frozenFactor === 'B');
  /** The floor of a rotation, once its run has ended: nothing else explains so high an error. */
  const turned = useShown((s) => {
    const floor =
      s.experiment.target === 'rotation' && isComplete(s.run) && decidesOf(s.run) === null
        ? (reachOf(s.run)?.floor ?? 0)
        : 0;
    return floor > 0 ? floor : null;
  });
  const samples = useShown((s) => s.run.ready?.samples?.training.count ?? 0);
  const base = moves ? <>The rest of {W0}</> : W0;
  const rank = (
    <>
      <i>r</i>
      {`\u00a0=\u00a0${e.rank}`}
    </>
  );
  const directions = (
    <>
      {rank} {e.rank === 1 ? 'direction' : 'directions'}
    </>
  );
  if (turned !== null) {
    return (
      <p className="claim">
        A rotation uses all {Math.min(e.d, e.k)} directions equally, so at rank {e.rank} the error cannot fall below{' '}
        {number(turned)}.
      </p>
    );
  }
  if (dead) {
    return (
      <p className="claim">
        {W0} stays frozen, and here {B} and {A} both start at zero: each waits for the other, so {DW} never moves
        towards {TARGET}.
      </p>
    );
  }
  if (frozen) {
    return (
      <p className="claim">
        {W0} and {B} stay frozen. Training changes only {A}, so {DW} = <i>s</i>·{B}·{A} can only use the {directions} in{' '}
        {B}.
      </p>
    );
  }
  if (short) {
    return (
      <p className="claim">
        {base} stays frozen. Training changes only {B} and {A}; their product has at most {directions} (patterns).
      </p>
    );
  }
  // Past break-even the factors hold more numbers than ΔW itself: nothing about them is thin.
  const thin = countsOf(adapterOf(e)).share < 1;
  const factors = (
    <>
      {thin && 'two thin matrices, '}
      {B} and {A}
    </>
  );
  const all = e.rank >= Math.min(e.d, e.k);
  const wanted = samples ? (
    <>
      fits {count(samples)} samples of {TARGET}
    </>
  ) : (
    <>matches {TARGET}</>
  );
  if (moves) {
    return (
      <p className="claim">
        {base} stays frozen. Training changes only {factors}, until {DW} = <i>s</i>·{B}·{A} − <i>s₀·B₀·A₀</i> {wanted}.
      </p>
    );
  }
  return (
    <p className="claim">
      {W0} stays frozen. Training changes only {factors}, until their product {DW} = <i>s</i>·{B}·{A} {wanted}
      {all ? <>: at full rank, {rank}, nothing is out of reach.</> : <> as closely as rank {rank} allows.</>}
    </p>
  );
}
