import type { ReactNode } from 'react';
import { count, duration, plural } from '../../experiment/numbers.ts';
import { MAX_SEEDS } from '../../experiment/plan/sweep.ts';
import { Announced, useAnnouncement } from '../../kit/announced.tsx';
import { Button } from '../../kit/button.tsx';
import { MAX_SECONDS_UNASKED, type PlannedSweep, type PlanProgress } from '../../state/sweep/plan.ts';
import type { SweepEvent } from '../../state/sweep/sweep.ts';
import { useDispatch, useGetLab, useLab } from '../page.tsx';
import { runCountWords, timeWords } from './run-words.ts';
import { axisWords } from './sweep-scene.ts';
import { useSecondsLeft, useSweep } from './use-sweep.ts';

interface RunRowProps {
  /** The main action once all runs have ended; by default they are run again. */
  readonly answer: { readonly label: string; readonly onClick: () => void } | null;
  readonly children: ReactNode;
}

export function RunRow({ answer, children }: RunRowProps) {
  const { planned, progress, sweep } = useSweep();
  const left = useSecondsLeft();
  const hidden = useLab((s) => s.hidden);
  const dispatch = useDispatch();
  const { done, possible } = progress;
  const { repeat } = planned.plan;
  const emit = (event: SweepEvent) => dispatch({ type: 'sweep', sweep: event });
  const start = (from = done) => emit({ does: 'run', now: performance.now(), done: from });
  const run = () => (left !== null && left > MAX_SECONDS_UNASKED ? emit({ does: 'ask' }) : start());
  const runAgain = () => {
    emit({ does: 'clear' });
    start(0);
  };
  const addSeeds = () => {
    dispatch({ type: 'planned', changes: { repeat: Math.min(MAX_SEEDS, repeat < 4 ? repeat + 2 : repeat * 2) } });
    start();
  };
  const main = (label: string, onClick: () => void, disabled = false) => (
    <Button className="btn main" disabled={disabled} onClick={onClick}>
      {label}
    </Button>
  );
  return (
    <section className="row wrap under-rule swt" aria-label="Sweep">
      {sweep.asks ? (
        <>
          <p className="st">
            <b>This sweep takes {timeWords(left)}.</b> <span>You can stop at any time; finished runs are kept.</span>
          </p>
          {main('Run it', () => start())}
          <Button onClick={() => emit({ does: 'unask' })}>Not now</Button>
        </>
      ) : sweep.going ? (
        <>
          {main('Stop', () => emit({ does: 'stop', now: performance.now() }))}
          <progress value={done} max={possible} aria-label="Runs done" />
          <p className="st">
            <b>
              {count(done)} of {plural(possible, 'run')}
            </b>
            {left !== null && `, ${left < 1 ? 'less than 1 s' : duration(left)} left`}
            <span>{hidden ? 'paused while this tab is hidden' : whereWords(planned, progress)}</span>
          </p>
        </>
      ) : possible > 0 && done === possible ? (
        <>
          {answer && main(answer.label, answer.onClick)}
          {answer ? <Button onClick={runAgain}>Run again</Button> : main('Run again', runAgain)}
          <Button disabled={repeat >= MAX_SEEDS} onClick={addSeeds}>
            Add seeds
          </Button>
          <p className="st">
            <b>Finished</b>, {runCountWords(progress)}
            {sweep.spent > 0 && ` in ${duration(Math.max(1, sweep.spent / 1000))}`}
            <Ended />
          </p>
        </>
      ) : done > 0 ? (
        <>
          {main('Continue', run)}
          <Button onClick={() => emit({ does: 'clear' })}>Clear</Button>
          <p className="st">
            <b>Stopped</b>, {runCountWords(progress)}
            {left !== null && <span>{timeWords(left)} left</span>}
          </p>
        </>
      ) : (
        <>
          {main('Run sweep', run, possible === 0)}
          <p className="st">
            <b>Ready</b>, {plural(possible, 'run')}
            <span>{readyWords(left, sweep.results.size > 0)}</span>
          </p>
        </>
      )}
      <span className="sp" />
      {children}
      <SweepAnnouncement />
    </section>
  );
}

function readyWords(left: number | null, others: boolean): string {
  if (others) return 'Settings have changed: the results before do not count here. Undo brings them back.';
  return left === null ? 'the page stays usable' : `${timeWords(left)} on this device; the page stays usable`;
}

/** "seed 1 of 3, 38 of 61 cells; at r = 16, LoRA-GA". Every cell gets its first seed before any its second. */
function whereWords({ plan, possible }: PlannedSweep, { done, left }: PlanProgress): string {
  const each = possible / plan.repeat;
  const seed = Math.min(plan.repeat, Math.floor(done / each) + 1);
  const cells = `${count(Math.round(done - (seed - 1) * each))} of ${plural(Math.round(each), 'cell')}`;
  const next = left[0]?.cell;
  const axes = plan.axes.map(axisWords);
  const place = axes.map(({ before, texts }, i) => `${before}${texts[next?.at[i] ?? 0]}`).join(', ');
  return `${plan.repeat > 1 ? `seed ${seed} of ${plan.repeat}, ` : ''}${cells}${next ? `; at ${place}` : ''}`;
}

function Ended() {
  const { planned, progress, sweep } = useSweep();
  const outcomes = planned.runs.map(({ key }) => sweep.results.get(key));
  const diverged = outcomes.filter((one) => one && !('why' in one) && one.status === 'diverged').length;
  const { axes, repeat } = planned.plan;
  const cells = axes.length === 1 ? plural(planned.cells, 'value') : plural(planned.cells, 'cell');
  return (
    <span>
      {cells} × {plural(repeat, 'seed')}; {diverged === 0 ? 'none diverged' : `${plural(diverged, 'run')} diverged`}
      {progress.failed > 0 && `; ${plural(progress.failed, 'run')} failed`}
    </span>
  );
}

/** Announces every tenth of the sweep, and its end, to screen readers. */
function SweepAnnouncement() {
  const now = useGetLab();
  const { progress, sweep } = useSweep();
  const { done, possible } = progress;
  const tenth = possible > 0 ? Math.floor((10 * done) / possible) : 0;
  const state = sweep.going ? `going ${tenth}` : done > 0 && done === possible ? 'finished' : 'still';
  const said = useAnnouncement(state, () => {
    const percent = `${10 * tenth}% of ${plural(possible, 'run')}`;
    if (sweep.going) return percent;
    if (done === possible) return `Sweep finished, ${runCountWords(progress)}.`;
    return now().sweep.going ? '' : `Stopped at ${percent}.`;
  });
  return <Announced as="span">{said}</Announced>;
}
