import './first-visit.css';
import { count, percent } from '../../experiment/numbers.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { param } from '../../experiment/settings/experiment.ts';
import { Announced, useAnnouncement } from '../../kit/announced.tsx';
import { useSideBySide, useWidth } from '../../kit/media.tsx';
import { SliderControl } from '../../kit/slider.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { actionsOf } from '../../state/actions.ts';
import { FIRST_LESSON_MINUTES, goTo, WHAT_IS_LORA } from '../../state/places.ts';
import { isComplete, lastStep } from '../../state/run/run.ts';
import { reachOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { isOwnDrawing, nextStep } from '../../state/tour.ts';
import { trackOf } from '../controls/track.ts';
import { Notices } from '../notices/notices.tsx';
import { onDemand, Press, useDispatch, useLab, useLabObject } from '../page.tsx';
import { steadyState } from '../run/transport.tsx';
import { Strip } from '../strip/strip.tsx';

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
    <div className={low ? 'lab beside' : 'grow stack'}>
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
        <div className="row wrap first-row">
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
      <Announced as="span">{said}</Announced>
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
    <p className="row wrap ways">
      <Press className="link under" event={goTo('lab')}>
        Show the charts
      </Press>
      <Press className="link under" event={WHAT_IS_LORA}>
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

/** A piece of a sentence: text, or a matrix, which has its colour. */
type SentencePiece = string | { readonly matrix: 'W₀' | 'B' | 'A' | 'ΔW' };

export interface TourFacts {
  readonly subject: keyof typeof SUBJECTS | 'own drawing' | 'drawing';
  readonly rank: number;
  readonly trained: number;
  readonly full: number;
  /** Before the first step; between it and the end; at the end; or diverged. */
  readonly stands: 'start' | 'on-the-way' | 'ended' | 'diverged';
  /** Relative error, and the floor of this rank; null if unknown. */
  readonly error: number | null;
  readonly floor: number | null;
}

const SUBJECTS = {
  sunglasses: { puts: 'sunglasses', look: 'the sunglasses look right', are: 'the sunglasses are', them: 'them' },
  hat: { puts: 'a hat', look: 'the hat looks right', are: 'the hat is', them: 'it' },
  confetti: { puts: 'confetti', look: 'the confetti looks right', are: 'the confetti is', them: 'it' },
} as const;

/** Below this error an edit looks right. */
const GOOD = 0.15;
/** Below this error nothing can be seen to be missing. */
const WHOLE = 0.005;

/** Whether an error is that of the best matrix of its rank, for all that is seen of it. */
export function isAtFloor({ error, floor }: Pick<TourFacts, 'error' | 'floor'>): boolean {
  return error !== null && floor !== null && error - floor <= Math.max(0.02 * floor, 0.002);
}

/** The sentence of a first visit; it claims nothing that the run does not show. `short`: for a phone. */
export function sentenceOf(facts: TourFacts, short: boolean): readonly SentencePiece[] {
  const { subject, stands, rank } = facts;
  if (stands === 'diverged') return ['Training has diverged.'];
  if (subject === 'own drawing' || subject === 'drawing') return [drawingWords(facts)];
  if (stands === 'ended')
    return [rank === 1 ? rankOneWords(facts, SUBJECTS[subject].are) : outcomeWords(facts, subject)];
  if (stands === 'on-the-way' && rank === 1) return [`${RANK_ONE}.`];
  const leaves = short ? 'LoRA keeps the large matrix ' : 'LoRA leaves the large matrix ';
  const trains = short ? ' and trains two thin ones, ' : ' as it is and trains two thin ones, ';
  const until = [', until their product ', { matrix: 'ΔW' }, ` puts ${SUBJECTS[subject].puts} on the owl.`] as const;
  return [leaves, { matrix: 'W₀' }, trains, { matrix: 'B' }, '\u00a0and\u00a0', { matrix: 'A' }, ...until];
}

const RANK_ONE = 'Rank 1 is one column times one row';

function rankOneWords(facts: TourFacts, are: string): string {
  const { subject, error } = facts;
  if (subject === 'sunglasses' && isAtFloor(facts)) return `${RANK_ONE}: only a dark bar, and the eyes shine through.`;
  return error === null ? `${RANK_ONE}.` : `${RANK_ONE}: ${percent(error)} of ${are} missing.`;
}

function drawingWords({ subject, rank, stands, error }: TourFacts): string {
  const drawing = `${subject === 'drawing' ? 'This' : 'Your'} drawing at rank ${rank}`;
  if (stands !== 'ended' || error === null) return `${drawing}.`;
  if (rank === 8) return `${drawing}. Move the rank and see what gets lost.`;
  return `${drawing}: ${error < WHOLE ? 'nothing' : percent(error)} of it is missing.`;
}

function outcomeWords({ trained, full, error }: TourFacts, subject: keyof typeof SUBJECTS): string {
  const { look, are, them } = SUBJECTS[subject];
  const all = `With ${count(trained)} numbers`;
  const cost =
    trained < full
      ? `${all} instead of ${count(full)}`
      : `${all}, ${trained === full ? 'as many as in W₀' : `more than the ${count(full)} of W₀`}`;
  if (error === null) return `${cost}. How few will do?`;
  if (error >= GOOD) return `${cost}, ${percent(error)} of ${are} missing.`;
  // Why a low rank can be enough; not said of a high one.
  const why = 2 * trained <= full ? `: a few patterns make most of ${them}` : '';
  return `${cost}, ${look}${why}. How few will do?`;
}

export function sentenceText(pieces: readonly SentencePiece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : piece.matrix)).join('');
}
