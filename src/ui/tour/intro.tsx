import { FIRST_LESSON_MINUTES, hasBar, WHAT_IS_LORA } from '../../state/places.ts';
import './tour.css';
import { useEffect, useRef } from 'react';
import { methods } from '../../experiment/methods/index.ts';
import { count, number } from '../../experiment/numbers.ts';
import { besideLora } from '../../experiment/settings/bounds.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { useMedia, useWidth } from '../../kit/media.tsx';
import { isComplete, shownModule } from '../../state/run/run.ts';
import { floorReason, reachOf, zeroFactorAtStart } from '../../state/select.ts';
import { useExercise } from '../controls/visible-controls.ts';
import { onDemand, Press, useLab } from '../page.tsx';

/** Few are asked. */
const Asks = onDemand(() => import('../compare/pin-question.tsx'), <p className="claim" />);

/** Only a class link has a goal. */
const GoalLine = onDemand(() => import('../../class/ui/goal-line.tsx'), <div className="goal" />);

/** Notes on experiments are long. */
const Watch = onDemand(() => import('./watch-notes.tsx'), <div className="acts soft watch" />);

/** Windows in which a second line of the claim would take space from the charts. */
const LOW = '(max-height: 800px) and (min-width: 1101px)';

export function Intro() {
  const view = useLab((s) => s.view.view);
  const bar = useLab((s) => hasBar(s.view));
  const phone = useWidth() === 'phone' && view !== 'present';
  const watched = useLab((s) => s.preset !== null && hasBar(s.view) && s.view.lesson === '');
  const exercise = useExercise();
  const low = useMedia(LOW);
  const short = phone || view === 'present' || low;
  const reading = useLab((s) => s.view.lesson !== '' && hasBar(s.view));
  const asks = useLab((s) => s.compare.asks !== null);
  const wasReading = useRef(reading);
  useEffect(() => {
    wasReading.current = reading;
  }, [reading]);
  if (exercise) return <Task short={short} />;
  if (view === 'embed') return null;
  // A step of a lesson has a title of its own.
  if (reading)
    return (
      asks && (
        <div className="intro">
          <Asks />
        </div>
      )
    );
  return (
    <div className="intro">
      {bar && <Head closed={wasReading.current} />}
      <Claim short={short} />
      {watched && <Watch />}
    </div>
  );
}

function Task({ short }: { readonly short: boolean }) {
  const task = useLab((s) => s.view.task);
  const stands = useLab((s) => s.view.goal !== '' || (s.view.handin && !hasBar(s.view)));
  return (
    <div className="intro">
      <Claim short={short} task={task} />
      {stands && <GoalLine />}
    </div>
  );
}

interface ClaimProps {
  readonly short: boolean;
  /** That of an exercise, in place of the page's claim. */
  readonly task?: string;
}

function Claim({ short, task = '' }: ClaimProps) {
  const asks = useLab((s) => s.compare.asks !== null);
  if (asks) return <Asks />;
  return task === '' ? <PageClaim short={short} /> : <p className="claim task">{task}</p>;
}

/** `closed`: a lesson has just been closed. */
function Head({ closed }: { readonly closed: boolean }) {
  const button = useRef<HTMLButtonElement>(null);
  const first = useRef(closed);
  useEffect(() => {
    // The focus was in the lesson.
    if (first.current && document.activeElement === document.body) button.current?.focus();
    first.current = false;
  }, []);
  return (
    <div className="head-line">
      <HeadLine />
      <Press ref={button} className="link under" event={WHAT_IS_LORA}>
        What is LoRA?<span className="wide"> A {FIRST_LESSON_MINUTES}-minute lesson</span>
      </Press>
    </div>
  );
}

function HeadLine() {
  const beside = useLab((s) => besideLora(s.experiment));
  if (!beside) return <h2>LoRA fine-tunes a large matrix by training two thin ones.</h2>;
  const { label, brief } = methods.byName(beside);
  return (
    <h2>
      {label}: {brief.charAt(0).toLowerCase() + brief.slice(1)}
    </h2>
  );
}

const W0 = <i className="w0">W₀</i>;
const A = <i className="a">A</i>;
const B = <i className="b">B</i>;
const Q = <i className="w0">Q</i>;
const DW = <i className="dw">ΔW</i>;
const TARGET = <i className="dwt">ΔW*</i>;

/** The claim of the page. Phones and projectors get a shorter one. */
function PageClaim({ short }: { readonly short: boolean }) {
  const e = useLab((s) => s.experiment);
  const dead = useLab((s) => zeroFactorAtStart(s) === 'both');
  const moves = useLab((s) => !!shownModule(s)?.moved);
  const kept = useLab((s) => shownModule(s)?.frozenFactor ?? null);
  /** The floor of a rotation, once its run has ended: nothing else explains so high an error. */
  const turned = useLab((s) => {
    const floor =
      s.experiment.target === 'rotation' && isComplete(s.run) && floorReason(s.run) === null
        ? (reachOf(s.run)?.floor ?? 0)
        : 0;
    return floor > 0 ? floor : null;
  });
  const samples = useLab((s) => s.run.ready?.samples?.training.count ?? 0);
  const factors = (
    <>
      {B} and {A}
    </>
  );
  const quantised = useLab((s) => !!shownModule(s)?.quantised);
  const whole = quantised ? (
    <>
      {Q}, {W0} in 4 bits,
    </>
  ) : (
    W0
  );
  const goal = quantised ? (
    <>
      leads from {Q} to {W0} + {TARGET}
    </>
  ) : (
    <>matches {TARGET}</>
  );
  const beside = besideLora(e);
  if (beside) {
    const { trained, full } = countsOf(adapterOf(e));
    return (
      <p className="claim">
        {whole} stays frozen. Training changes {count(trained)} numbers, where {W0} has {count(full)}, until {DW} ={' '}
        {methods.byName(beside).formula.split(',')[0]} {goal}.
      </p>
    );
  }
  const all = e.rank >= Math.min(e.d, e.k);
  const wanted = samples ? (
    <>
      fits {count(samples)} samples of {TARGET}
    </>
  ) : (
    goal
  );
  const base = moves ? <>The rest of {W0}</> : whole;
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
  const text =
    turned !== null ? (
      <>
        A rotation uses all {Math.min(e.d, e.k)} directions equally, so at rank {e.rank} the error cannot fall below{' '}
        {number(turned)}.
      </>
    ) : dead ? (
      <>
        {whole} stays frozen, and here {B} and {A} both start at zero: each waits for the other, so {DW} never moves
        towards {TARGET}.
      </>
    ) : kept ? (
      <>
        {W0} and {kept === 'B' ? B : A} stay frozen. Training changes only {kept === 'B' ? A : B}, so {DW} = <i>s</i>·
        {B}·{A} can only use the {directions} in {kept === 'B' ? B : A}.
      </>
    ) : short ? (
      <>
        {base} stays frozen. Training changes only {B} and {A}; their product has at most {directions} (patterns).
      </>
    ) : quantised ? (
      <>
        {whole} stays frozen. Training changes only {factors}, until {Q} + {DW} comes as near to {W0} + {TARGET} as{' '}
        {rank} allows.
      </>
    ) : moves ? (
      <>
        {base} stays frozen. Training changes only {factors}, until {DW} = <i>s</i>·{B}·{A} − <i>s₀·B₀·A₀</i> {wanted}.
      </>
    ) : (
      <>
        {W0} stays frozen. Training changes only {factors}, until their product {DW} = <i>s</i>·{B}·{A} {wanted}
        {all ? <>: at full rank, {rank}, nothing is out of reach.</> : <> as closely as rank {rank} allows.</>}
      </>
    );
  return <p className="claim">{text}</p>;
}
