import './task-charts.css';
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { NetworkFacts } from '../../charts/chart.ts';
import { accuracy } from '../../charts/network/accuracy.ts';
import { type IntrudersScene, intruders, intrudersSentence } from '../../charts/network/intruders.ts';
import { type KeptScene, kept, keptOf, keptSentence } from '../../charts/network/kept.ts';
import { type RanksScene, ranks, ranksOf, ranksSentence } from '../../charts/network/ranks.ts';
import { trainedParameters } from '../../experiment/network/costs.ts';
import { TASK_WORDS } from '../../experiment/network/task-words.ts';
import { duration, plural } from '../../experiment/numbers.ts';
import { isFull } from '../../experiment/settings/bounds.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { Announced, useThrottled } from '../../kit/announced.tsx';
import type { ReadableChart } from '../../kit/chart/chart.ts';
import { ReadFigure } from '../../kit/figure.tsx';
import { useWidth } from '../../kit/media.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import {
  bestAt,
  missingRuns,
  pathExperiment,
  pathLines,
  pathsOf,
  RING_RANKS,
  rankOf,
  sameTask,
  secondsForRuns,
  taskKey,
} from '../../state/run/path-runs.ts';
import { shownModule } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';
import { ChartFigure, Explain, SaveMenu } from '../figures/chart-figure.tsx';
import { ChartGrid } from '../figures/chart-grid.tsx';
import { useLessonContainer } from '../figures/lesson-container.tsx';
import { provideNetworkFacts, sceneOf } from '../lab-scene.ts';
import { Press, useDispatch, useLab } from '../page.tsx';

/** The charts of a network: of its task, or of the chosen matrix. In Present it has its own, and so has a lesson. */
export default function NetworkCharts() {
  const present = useLab((s) => s.view.view === 'present');
  const reading = useLessonContainer().charts !== null;
  const shown = useLab((s) => s.chartsOf);
  const dispatch = useDispatch();
  const id = useId();
  if (reading) return <ChartGrid />;
  if (present) return null;
  return (
    <div className="grow stack charts-of">
      <Tabs
        aria-label="What the charts show"
        panel={id}
        tabs={[
          ['task', 'Task'],
          ['matrix', 'This matrix'],
        ]}
        shown={shown}
        onShow={(of) => dispatch({ type: 'charts', of })}
      />
      <div className="grow stack" role="tabpanel" id={id} aria-labelledby={`${id}-${shown}`}>
        {shown === 'task' ? (
          <TaskCharts />
        ) : (
          <>
            <ChartGrid />
            <IntrudersFigure />
          </>
        )}
      </div>
    </div>
  );
}

const FIGURES = { accuracy: () => <ChartFigure chart={accuracy} />, kept: KeptFigure, ranks: RanksFigure };
/** Names of the tabs on a phone. */
const SHORT = [
  ['accuracy', 'Accuracy'],
  ['kept', 'Kept'],
  ['ranks', 'Rank'],
] as const;

/** What a task learns, what it forgets, and what its rank allows. Behind tabs on a phone. */
export function TaskCharts() {
  const phone = useWidth() === 'phone';
  const [tab, setTab] = useState<keyof typeof FIGURES>('accuracy');
  const id = useId();
  if (!phone)
    return (
      <section className="charts task-charts" aria-label="Charts of the task">
        {SHORT.map(([name]) => {
          const Shown = FIGURES[name];
          return <Shown key={name} />;
        })}
      </section>
    );
  const Shown = FIGURES[tab];
  return (
    <div className="tabbed">
      <Tabs aria-label="Charts of the task" panel={id} tabs={SHORT} shown={tab} onShow={setTab} />
      <div className="charts task-charts" role="tabpanel" id={id} aria-labelledby={`${id}-${tab}`}>
        <Shown />
      </div>
    </div>
  );
}

function KeptFigure() {
  const run = useLab((s) => sceneOf(s, 'step'));
  const scene = useMemo(() => keptOf(run), [run]);
  return scene && <TaskFigure chart={kept} scene={scene} sentence={keptSentence(scene)} draws={<DrawPaths />} />;
}

function RanksFigure() {
  const run = useLab((s) => sceneOf(s, 'rank'));
  const scene = useMemo(() => ranksOf(run), [run]);
  return scene && <TaskFigure chart={ranks} scene={scene} sentence={ranksSentence(scene)} />;
}

/** Of the chosen matrix, once the paths are drawn. */
function IntrudersFigure() {
  const module = useLab((s) => shownModule(s))?.name ?? null;
  const paths = useLab(pathsOf);
  const rank = useLab((s) => rankOf(s.run.experiment));
  const scene = useMemo((): IntrudersScene | null => {
    const lines = pathLines(paths, ({ updates }) => updates.find(({ name }) => name === module) ?? null);
    return module && lines.length > 0 ? { matrix: module, paths: lines, rank, pointed: null } : null;
  }, [module, paths, rank]);
  return (
    scene && (
      <section className="charts task-charts" aria-label="Charts of the paths">
        <TaskFigure chart={intruders} scene={scene} sentence={intrudersSentence(scene)} saves={false} />
      </section>
    )
  );
}

interface TaskFigureProps<S> {
  readonly chart: ReadableChart<S>;
  readonly scene: S;
  readonly sentence: string;
  readonly draws?: ReactNode;
  readonly saves?: boolean;
}

function TaskFigure<S extends KeptScene | RanksScene | IntrudersScene>({
  chart,
  scene,
  sentence,
  draws,
  saves = true,
}: TaskFigureProps<S>) {
  return (
    <div className="task-chart">
      <ReadFigure
        chart={chart}
        scene={scene}
        title={chart.title}
        row={
          <>
            <Explain chart={chart} />
            {saves && <SaveMenu name={chart.name} title={chart.title} slide />}
          </>
        }
        help={chart.help(scene)}
      />
      {draws}
      {sentence !== '' && <p className="task-sentence">{sentence}</p>}
    </div>
  );
}

/** One button: draws the runs that the paths lack, and cancels those that are left. */
function DrawPaths() {
  const paths = useLab(pathsOf);
  const experiment = useLab((s) => s.run.experiment);
  const of = useLab((s) => taskKey(s.run));
  const missing = missingRuns(experiment, paths);
  const seconds = useLab((s) => secondsForRuns(s.run, missing.length));
  const { waiting, ends } = paths;
  const going = waiting.length > 0;
  const left = going ? `${plural(waiting.length, 'run')} left` : '';
  const said = useThrottled(going ? `Drawing the paths, ${left}` : ends.length > 0 ? 'The paths are drawn' : '');
  useFocusOnPlane(missing.length === 0);
  const about = seconds === null ? '' : `, about ${duration(Math.max(1, seconds)).replace(' ', '\u00a0')}`;
  const what =
    ends.length > 0 && missing.every(({ rank }) => rank === experiment.rank)
      ? `Draw rank ${experiment.rank} too`
      : 'Draw the paths';
  return (
    <>
      {missing.length > 0 && (
        <p className="draw-paths">
          <Press event={{ type: 'paths', of, waiting: going ? [] : missing }}>
            {going ? `Cancel, ${left}` : `${what}: ${plural(missing.length, 'run')}${about}`}
          </Press>
        </p>
      )}
      <Announced>{said}</Announced>
    </>
  );
}

/** Once the button is gone, the plane has the focus that it had. */
function useFocusOnPlane(drawn: boolean): void {
  const first = useRef(drawn);
  useEffect(() => {
    if (drawn && !first.current && document.activeElement === document.body)
      document.querySelector<HTMLElement>('figure[data-chart="kept"] .plot')?.focus({ preventScroll: true });
    first.current = drawn;
  }, [drawn]);
}

/** Trained parameters over those of full fine-tuning. */
const trainedShare = (e: Experiment) => trainedParameters(e) / trainedParameters({ ...e, method: 'full' });

function networkOf(state: State): NetworkFacts | null {
  const { ready, experiment, losses, full, hand } = state.run;
  if (!ready?.network) return null;
  const { heldOut, old } = ready.network;
  const words = TASK_WORDS[experiment.adapt];
  const [paths, rank, task] = [pathsOf(state), rankOf(experiment), sameTask(experiment)];
  const ranks = [...new Set([...RING_RANKS, ...(rank === null ? [] : [rank])])].sort((a, b) => a - b);
  return {
    losses,
    reference: full?.record.losses ?? null,
    newName: words.new,
    oldName: words.old,
    heldOut: heldOut.answers.length,
    seen: hand?.test.answers.length === 0,
    old: old.answers.length,
    rank,
    beside: !isFull(experiment),
    trained: trainedShare(experiment),
    paths: pathLines(paths, ({ answers }) => answers),
    ranks: ranks.map((rank) => ({
      rank,
      trained: trainedShare(pathExperiment(task, { rank, rate: null })),
      best: bestAt(paths, rank),
      cut: full?.cuts.find((one) => one.rank === rank)?.accuracy ?? null,
    })),
  };
}

provideNetworkFacts(networkOf);
