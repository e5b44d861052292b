import { count, number } from '../../experiment/numbers.ts';
import { shownStep } from '../../state/select.ts';
import { RankSlider } from '../controls/numeric.tsx';
import { useBuilt, useDispatch, useShown } from '../page.tsx';
import { steady, useLongPreparation } from '../steady.ts';
import { statusWords } from '../words/status.ts';
import { MainButton, RewindButton } from './transport.tsx';

/** The three controls of a projector: train, rewind, rank. */
export function PresentBar() {
  return (
    <section className="pbar" aria-label="Run">
      <MainButton />
      <RewindButton />
      <Standing />
      <div className="rk">
        <RankSlider />
      </div>
      <Keys />
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

function Keys() {
  const dispatch = useDispatch();
  return (
    <div className="keys">
      <b>1 – 4</b> chart &nbsp; <b>space</b> train
      <br />
      <b>↑ ↓</b> rank &nbsp;{' '}
      <button type="button" className="link" onClick={() => dispatch({ type: 'viewed', changes: { view: 'lab' } })}>
        <b>Esc</b> back
      </button>
    </div>
  );
}
