import './smaller.css';
import { type ReactNode, useEffect, useId, useMemo, useState } from 'react';
import { trim } from '../../../experiment/numbers.ts';
import { Button, LinkButton } from '../../../kit/button.tsx';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { goTo } from '../../../state/places.ts';
import { useDispatch } from '../../../ui/page.tsx';
import { sizeCurve } from '../../charts/resize/size-curve.ts';
import type { SizeGoalName } from '../../state/adapters-state.ts';
import { newFileName, type SmallerPlan, sizedFile, smallerPlan } from '../../state/predictions.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from '../context.tsx';
import { summaryLine } from '../file-facts.ts';
import { SaveConfigButton, WorkProgress } from '../progress.tsx';
import { AlphaQuestion } from '../questions.tsx';
import { lacksAlpha } from '../resize/cut-words.ts';
import { AlphaMissing, CutObstacle, TypedNumberField } from '../resize/way-control.tsx';
import { megabytes, sizeParts } from '../size-words.ts';
import { ChooseButton } from '../use-file-import.tsx';
import { comparedWords, goalWords, offText, writeTimeWords } from './smaller-words.ts';

interface SmallerProps {
  readonly of: SmallerPlan;
}

/** One thing done to a file: a smaller one with the least error for its size. */
export default function Smaller() {
  const dispatch = useAdaptersDispatch();
  const file = useAdapters((s) => s.files[0]);
  const sized = useAdapters(sizedFile);
  const plan = useAdapters(smallerPlan);
  const { adapter } = sized ?? {};
  useEffect(() => {
    if (adapter) dispatch({ type: 'find-sizes' });
  }, [adapter, dispatch]);
  if (!file) return <Empty />;
  return (
    <>
      <h2 className="page-title">Make my LoRA smaller</h2>
      <div className="acts">
        <b>{file.adapter.name}</b>
        <span className="note">{summaryLine(file.adapter)}</span>
        <span className="sp" />
        <ChooseButton as="replace" className="link under">
          Another file
        </ChooseButton>
      </div>
      {file.asksAlpha ? (
        <AlphaQuestion />
      ) : plan ? (
        <Choices of={plan} />
      ) : sized ? (
        <p className="claim" role="status">
          Comparing sizes …
        </p>
      ) : (
        <WorkProgress>
          <CutObstacle />
        </WorkProgress>
      )}
    </>
  );
}

function Empty() {
  const busy = useAdapters((s) => s.work !== null);
  return (
    <div className="smaller-empty">
      <h2 className="page-title">Make my LoRA smaller</h2>
      <p className="claim">
        Many LoRA files hold more than they use. Drop one here, choose a size, and see how much of it would change
        before anything is written.
      </p>
      <div className="drop">
        <ChooseButton className="btn main" disabled={busy}>
          Choose a file
        </ChooseButton>
        <p className="note">or drop a .safetensors file anywhere on this page</p>
      </div>
      <WorkProgress />
      <p className="acts">
        <span>Works with files from kohya, PEFT and diffusers, up to 2 GB.</span>
        <span>The file stays on this device.</span>
        <EventButton className="link under" disabled={busy} event={{ type: 'example' }}>
          Try it with an example
        </EventButton>
      </p>
    </div>
  );
}

function Choices({ of }: SmallerProps) {
  const lab = useDispatch();
  const dispatch = useAdaptersDispatch();
  const phone = useWidth() === 'phone';
  const written = useWritten(of);
  const showDetails = () => {
    // Another plan would drop what is known of the written file.
    if (!written && of.plan) dispatch({ type: 'resize', changes: of.plan });
    lab(goTo('resize'));
  };
  return (
    <div className="smaller-columns">
      <div>
        <Goals of={of} />
        {!phone && <Write of={of} />}
        <p className="read">
          Try it: make one picture with each file, same prompt and same seed. The percentage counts numbers in the file,
          not what you will see.
        </p>
      </div>
      <div>
        <SizeFigure of={of} />
        <p className="acts">
          <LinkButton className="link under" onClick={showDetails}>
            Details
          </LinkButton>
          <span className="note">
            ranks of all {of.file.adapter.modules.length} modules, other rules, number formats
          </span>
        </p>
      </div>
      {phone && (
        <div className="row foot-bar adapters-dock">
          <Write of={of} />
        </div>
      )}
    </div>
  );
}

const NAMES: readonly (readonly [goal: Exclude<SizeGoalName, 'most'>, name: string])[] = [
  ['nearly', 'Nearly the original'],
  ['half', 'Half the size'],
  ['smallest', 'As small as it goes'],
];

function Goals({ of }: SmallerProps) {
  const dispatch = useAdaptersDispatch();
  const limit = useAdapters((s) => s.smaller.most) ?? of.choices.most.limit;
  const full = of.file.adapter.bytes;
  const unit = sizeParts(full)[1];
  const bytes = { GB: 1e9, MB: 1e6, kB: 1e3 }[unit] ?? 1;
  const setMost = (most: number) =>
    dispatch({ type: 'smaller', changes: { goal: 'most', most: Math.min(most, full) } });
  return (
    <fieldset className="size-goals">
      <legend className="unseen">Size of the new file</legend>
      {NAMES.map(([goal, name]) => (
        <Goal key={goal} of={of} goal={goal} name={name} />
      ))}
      <Goal of={of} goal="most" name="At most">
        <TypedNumberField
          label={`At most, in ${unit}`}
          value={limit}
          text={trim(limit / bytes)}
          unit={bytes}
          live
          onValue={setMost}
        />{' '}
        {unit}
      </Goal>
    </fieldset>
  );
}

interface SizeGoalProps extends SmallerProps {
  readonly goal: SizeGoalName;
  readonly name: string;
  readonly children?: ReactNode;
}

function Goal({ of, goal, name, children }: SizeGoalProps) {
  const dispatch = useAdaptersDispatch();
  const id = useId();
  const phone = useWidth() === 'phone';
  const { bytes, error } = of.choices[goal].predicted;
  const times = of.file.adapter.bytes / bytes;
  const searching = goal === of.goal && of.plan === null;
  return (
    <div className="size-goal" data-chosen={goal === of.goal || undefined}>
      <input
        type="radio"
        id={id}
        name="size-goal"
        aria-describedby={`${id}-size ${id}-off ${id}-words`}
        checked={goal === of.goal}
        onChange={() => dispatch({ type: 'smaller', changes: { goal } })}
      />
      <p>
        <label htmlFor={id}>{name}</label> {children}
        {goal === 'smallest' && !phone && times >= 1.5 && <span className="note">{trim(times, 2)} times smaller</span>}
      </p>
      <b id={`${id}-size`}>{!children && megabytes(bytes)}</b>
      <span className="soft words" id={`${id}-words`}>
        {searching ? 'Searching …' : goalWords(of.choices, goal)}
      </span>
      <span className="note" id={`${id}-off`}>
        {!searching && offText(error)}
      </span>
    </div>
  );
}

/** The written file of the chosen size. */
function useWritten({ choices, goal }: SmallerPlan) {
  const { bytes, error } = choices[goal].predicted;
  return useAdapters(({ written: file }) =>
    file?.does === 'resize' && file.foretold === error && file.bytes === bytes ? file : null,
  );
}

function Write({ of }: SmallerProps) {
  const dispatch = useAdaptersDispatch();
  const { bytes } = of.choices[of.goal].predicted;
  const work = useAdapters((s) => s.work);
  const name = useAdapters((s) => (of.plan ? newFileName({ ...s, resize: of.plan }, 'resize') : ''));
  const written = useWritten(of);
  const phone = useWidth() === 'phone';
  const lacks = lacksAlpha(of);
  const { plan } = of;
  // A press right after a size was typed waits for its search.
  const [pressed, press] = useState(false);
  useEffect(() => {
    if (!pressed || !plan) return;
    press(false);
    dispatch({ type: 'resize', changes: plan });
    dispatch({ type: 'write', does: 'resize' });
  }, [pressed, plan, dispatch]);
  return (
    <div className="write-smaller acts far-above far-below">
      <Button className={written ? 'btn' : 'btn main'} disabled={lacks || work !== null} onClick={() => press(true)}>
        {work?.does === 'resize' ? 'Writing …' : written ? 'Write it again' : `Write the ${megabytes(bytes)} file`}
      </Button>
      {lacks ? (
        <AlphaMissing id="write-smaller-off" />
      ) : (
        <WorkProgress>
          {written ? (
            <div className="saved">
              <b>
                Saved: {written.name}, {megabytes(written.bytes)}.
              </b>
              <p>{comparedWords(written.measured, written.foretold)}</p>
              <p className="note">The original is untouched. Keep it until you have compared pictures.</p>
              {written.config && (
                <p className="acts">
                  It needs adapter_config.json in the same folder. <SaveConfigButton />
                </p>
              )}
            </div>
          ) : (
            <p className="note">
              {!phone && `${name} · `}
              {`${writeTimeWords(of.choices.readSeconds, bytes / of.file.adapter.bytes)} · `}the original is untouched
            </p>
          )}
        </WorkProgress>
      )}
    </div>
  );
}

function SizeFigure({ of }: SmallerProps) {
  const scene = useMemo(() => {
    const { choices, goal, file } = of;
    const { knee, floor } = choices;
    const shown = NAMES.map(([name]) => name).filter((name) => choices[name].predicted.bytes <= choices[name].limit);
    const offered = [...shown, ...(goal === 'most' ? [goal] : [])].map((name) => {
      const { bytes, error } = choices[name].predicted;
      const kneed = name === 'smallest' && knee;
      return { bytes, error, size: megabytes(bytes), chosen: name === goal, knee: kneed };
    });
    return { floor, offered, full: file.adapter.bytes };
  }, [of]);
  return (
    <Figure className="size-figure" title={sizeCurve.title} help={sizeCurve.help(scene)}>
      <Plot chart={sizeCurve} scene={scene} />
    </Figure>
  );
}
