import './first-visit.css';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { param } from '../../experiment/settings/experiment.ts';
import { useSideBySide, useWidth } from '../../kit/media.tsx';
import { SliderControl } from '../../kit/slider.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { useAnnouncement } from '../../kit/throttled-text.ts';
import { actionsOf } from '../../state/actions.ts';
import { FIRST_LESSON_MINUTES, goTo, WHAT_IS_LORA } from '../../state/places.ts';
import { isComplete, lastStep } from '../../state/run/run.ts';
import { reachOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { isOwnDrawing, nextStep } from '../../state/tour.ts';
import { trackOf } from '../controls/track.ts';
import { Notices } from '../notices/notices.tsx';
import { onDemand, Press, useDispatch, useLab, useLabObject } from '../page.tsx';
import { steadyState } from '../run/long-preparation.ts';
import { Strip } from '../strip/strip.tsx';
import { type SentencePiece, sentenceOf, sentenceText, type TourFacts } from './tour-words.ts';

const Editor = onDemand(() => import('../draw/editor.tsx'));

/** The owl, a sentence, Rank, the next step, and ways to more: nothing else of the lab. */
export function FirstVisit() {
  const session = useLab((s) => s.session);
  const drawing = useLab((s) => s.editor !== null);
  const low = useSideBySide();
  const docked = useWidth() === 'phone' || low;
  const controls = (
    <>
      <RankControl />
      <Actions />
    </>
  );
  const dock = (
    <section className="dock first-dock" aria-label="Controls">
      {controls}
    </section>
  );
  const place = { id: 'main', tabIndex: -1, 'data-session': session };
  if (drawing)
    return (
      <main {...place}>
        <Notices />
        <Editor />
      </main>
    );
  // A low window has its controls beside the matrices.
  return (
    <div className={low ? 'lab beside' : 'first-page'}>
      {low && (
        <aside className="side">
          <Sentence />
          {dock}
        </aside>
      )}
      <main {...place} className="first">
        <Notices />
        {!low && <Sentence />}
        <Strip />
        <div className="first-row">
          {!docked && controls}
          <Ways />
        </div>
      </main>
      {docked && !low && dock}
    </div>
  );
}

const CLASSES = { 'W₀': 'w0', B: 'b', A: 'a', ΔW: 'dw' } as const;

function Sentence() {
  const phone = useWidth() === 'phone';
  const facts = useLabObject(factsOf);
  const pieces = sentenceOf(facts, phone);
  const step = useLab((s) => lastStep(s.run));
  const status = useLab((s) => s.run.status);
  const number = useLab((s) => s.run.number);
  const said = useAnnouncement(`${status} ${number}`, () => {
    if (status === 'training') return 'Training';
    if (status === 'paused') return `Paused at step ${step}`;
    return facts.stands === 'ended' ? `Finished. ${sentenceText(pieces)}` : '';
  });
  return (
    <div className="intro">
      <p className="say">
        {pieces.map((piece) => (
          <Said key={sentenceText([piece])} piece={piece} />
        ))}
      </p>
      <span className="unseen" role="status">
        {said}
      </span>
    </div>
  );
}

function Said({ piece }: { readonly piece: SentencePiece }) {
  if (typeof piece === 'string') return piece;
  return <i className={CLASSES[piece.matrix]}>{piece.matrix}</i>;
}

/** Its value alone; typing, sweeps and the default are in the lab. */
function RankControl() {
  const e = useLab((s) => s.experiment);
  const dispatch = useDispatch();
  const settle = () => dispatch({ type: 'settled' });
  return (
    <SliderControl
      className="rank"
      label={<Symbols>{param('rank').label}</Symbols>}
      text={String(e.rank)}
      track={trackOf('rank', e, [e.rank])}
      value={e.rank}
      onValue={(rank) => dispatch({ type: 'changed', changes: { rank }, group: 'rank' })}
      onKeyUp={settle}
      onPointerUp={settle}
      onBlur={settle}
    />
  );
}

/** The main action keeps its place: the next step, or the run itself until it is at its end. */
function Actions() {
  const e = useLab((s) => s.experiment);
  const { label, does, done } = useLabObject(mainAction);
  const next = does === 'train' ? nextStep(e, done) : { label, event: { type: does } };
  const trained = useLab((s) => s.tour > 0);
  const draws = next.event.type === 'draw';
  return (
    <div className="acts">
      <Press className="btn main" event={next.event}>
        {next.label}
      </Press>
      {!draws && <Press event={{ type: 'draw', on: 'owl' }}>Draw</Press>}
      {trained && <Press event={{ type: 'retry', changes: {} }}>Train again</Press>}
    </div>
  );
}

/**
 * The button of the run, or how far the path has come if that is at its end. Preparing an owl takes a moment, in which
 * Train must not turn into Cancel under a finger.
 */
function mainAction(state: State) {
  const steady = steadyState(state, false);
  if (isComplete(steady.run)) return { label: '', does: 'train' as const, done: state.tour };
  const { label, does } = actionsOf(steady).main;
  return { label, does: does === 'cancel' ? 'train' : does, done: 0 };
}

function Ways() {
  const phone = useWidth() === 'phone';
  return (
    <p className="ways">
      <Press className="link" event={goTo('lab')}>
        Show the charts
      </Press>
      <Press className="link" event={WHAT_IS_LORA}>
        {phone ? `What is LoRA? ${FIRST_LESSON_MINUTES} min` : `What is LoRA? A ${FIRST_LESSON_MINUTES}-minute lesson`}
      </Press>
    </p>
  );
}

/** The run that the sentence describes: that on screen, or the requested one. */
function factsOf(state: State): TourFacts {
  // A rerun behind the old picture is reported once it is visible.
  const asked = state.next && state.next.start !== 'again' ? state.next : null;
  const run = asked?.run ?? state.run;
  const { edit, data, rank } = run.experiment;
  const own = isOwnDrawing(run.experiment, state);
  const { trained, full } = countsOf(adapterOf(run.experiment));
  return {
    subject: data === '' ? edit : own ? 'own drawing' : 'drawing',
    rank,
    trained,
    full,
    stands: asked ? (asked.start === 'yes' ? 'on-the-way' : 'start') : standing(state),
    error: state.run.trace.series.relativeError?.[shownStep(state)] ?? null,
    floor: reachOf(state.run)?.floor ?? null,
  };
}

function standing({ run, next }: State): TourFacts['stands'] {
  const status = next?.before ?? run.status;
  if (isComplete({ status })) return 'ended';
  if (status === 'diverged') return status;
  return lastStep(run) > 0 ? 'on-the-way' : 'start';
}
