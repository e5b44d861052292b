import { count, number } from '../../experiment/numbers.ts';
import { shownStep } from '../../state/select.ts';
import { RankSlider } from '../controls/numeric.tsx';
import { useVisible } from '../controls/visible.ts';
import { Press, useBuilt, useShown } from '../page.tsx';
import { LockedPart } from '../rail/locked-part.tsx';
import { statusWords } from '../words/status.ts';
import { steady, useLongPreparation } from './steady.ts';
import { MainButton, Pace, RewindButton } from './transport.tsx';

/** The controls of a projector: train, rewind, pace, rank, and the way out. */
export function PresentBar() {
  const rank = useVisible('rank');
  return (
    <section className="pbar" aria-label="Run">
      <MainButton />
      <RewindButton />
      <Pace />
      <Freeze />
      <Standing />
      <div className="rk">{rank ? <RankSlider /> : <LockedPart only="rank" />}</div>
      <Exit />
    </section>
  );
}

/** The step and the error, or in a word what has become of the run. */
function Standing() {
  const long = useLongPreparation();
  const { first, rest, bad } = useBuilt((s) => statusWords(steady(s, long)));
  const status = useShown((s) => s.run.status);
  const step = useShown(shownStep);
  const budget = useShown((s) => s.experiment.steps);
  const error = useShown((s) => s.run.trace.series.relativeError?.[shownStep(s)]);
  // On samples the error of the matrix is not what is trained: the losses are in the chart.
  const name = useShown((s) => (s.run.ready?.samples ? 'matrix error' : 'error'));
  const plain = status === 'training' || status === 'paused' || status === 'idle' || (status === 'preparing' && !long);
  return (
    <div className="st">
      {plain ? (
        <>
          <b>Step {count(step)}</b> of {count(budget)}
        </>
      ) : (
        <>
          <b className={bad ? 'bad-word' : undefined}>{first}</b>
          {status === 'preparing' ? rest : ` at step ${count(step)}`}
        </>
      )}
      {error !== undefined && (
        <span>
          {name} {number(error)}
        </span>
      )}
    </div>
  );
}

/** Keeps the axes of the charts, so that another run can be compared by eye. */
function Freeze() {
  const frozen = useShown((s) => s.frozen !== null);
  return (
    <Press
      className="btn freeze"
      aria-label="Freeze axes"
      aria-pressed={frozen}
      aria-keyshortcuts="x"
      title="Keep the axes of the charts as they are (x)"
      event={{ type: 'freeze', on: !frozen }}
    >
      Freeze<span className="wide"> axes</span>
    </Press>
  );
}

function Exit() {
  return (
    <Press className="btn exit" aria-keyshortcuts="Escape" event={{ type: 'viewed', changes: { view: 'lab' } }}>
      Exit <kbd>Esc</kbd>
    </Press>
  );
}
