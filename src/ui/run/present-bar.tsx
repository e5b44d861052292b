import '../looks/present-sliders.css';
import './present-bar.css';
import { count, number } from '../../experiment/numbers.ts';
import { goTo } from '../../state/places.ts';
import { lastStep } from '../../state/run/run.ts';
import { shownStep } from '../../state/select.ts';
import { RankSlider } from '../controls/numeric.tsx';
import { useIsVisible } from '../controls/visible-controls.ts';
import { Press, useLab, useLabObject } from '../page.tsx';
import { LazyLockedSettings } from '../rail/lazy-locked-settings.tsx';
import { statusWords } from '../words/status.ts';
import { MainButton, Pace, RewindButton, steadyState, useLongPreparation } from './transport.tsx';

export default function PresentBar() {
  const rank = useIsVisible('rank');
  return (
    <section className="row wrap whole pbar" aria-label="Run">
      <MainButton />
      <RewindButton />
      <Pace />
      <Freeze />
      <Standing />
      <div className="rk">{rank ? <RankSlider /> : <LazyLockedSettings only="rank" />}</div>
      <Exit />
    </section>
  );
}

function Standing() {
  const long = useLongPreparation();
  const { first, rest, bad } = useLabObject((s) => statusWords(steadyState(s, long)));
  const status = useLab((s) => s.run.status);
  const step = useLab(shownStep);
  const budget = useLab((s) => s.experiment.steps);
  const error = useLab((s) => s.run.trace.series.relativeError?.[shownStep(s)]);
  // With samples the error of the matrix is not the trained loss, which is in the chart.
  const name = useLab((s) => (s.run.ready?.samples ? 'matrix error' : 'error'));
  const back = useLab((s) => shownStep(s) < lastStep(s.run));
  const plain =
    back || status === 'training' || status === 'paused' || status === 'idle' || (status === 'preparing' && !long);
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
  const frozen = useLab((s) => s.frozen !== null);
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
    <Press className="btn exit" aria-keyshortcuts="Escape" event={goTo(useLab((s) => s.presents))}>
      Exit <kbd>Esc</kbd>
    </Press>
  );
}
