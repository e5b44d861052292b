import { useMemo } from 'react';
import { halvesOf, type Plane, productPlane } from '../../charts/matrices/plane.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { change } from '../../experiment/settings/experiment.ts';
import { paint, pictures } from '../../experiment/targets/pictures.ts';
import { Button, LinkButton } from '../../kit/button.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { HeatPicture } from '../../ui/compare/heat-picture.tsx';
import { useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import { blankGuess, type DrawnGuess, type GuessScene, guessAt, largestMiss } from '../charts/guess/guess.ts';
import { GuessChart } from '../pane/guess-chart.tsx';
import { type LessonRun, type LessonRuns, NO_LESSON_RUNS, useTraining } from '../pane/lesson-runs.tsx';
import { lastingValue, useLessonValue } from '../pane/values.tsx';
import { trainEvents } from '../step.tsx';
import recorded from './recorded.json';

export const PICTURE = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&steps=300';

export const RANKS: readonly number[] = [1, 2, 4, 8, 16, 32];

/** The drawn line; not part of the link. */
const GUESS = lastingValue<DrawnGuess>('guess', blankGuess(RANKS.length));
/** Whether the line and the results are shown. */
const LINE_SHOWN = lastingValue('line', true);
export const ANSWER_SHOWN = lastingValue('shown', false);
const SIX_RUNS = lastingValue<LessonRuns>('six', NO_LESSON_RUNS);

/** The error of each run: if any were trained here, only those; otherwise the recorded ones. */
function errorsOf({ runs, going }: LessonRuns): readonly (number | null)[] {
  const own = runs.map((run) => run?.error ?? null);
  return going || own.some((error) => error !== null) ? own : recorded.picture.errors;
}

const FLOOR = recorded.picture.floor.map((value, i) => [Math.log2(i + 1), value] as const);

function sceneOf(guess: DrawnGuess, line: boolean, truth: readonly (number | null)[] | null): Omit<GuessScene, 'at'> {
  return {
    places: RANKS.map(String),
    axis: 'rank',
    top: 1,
    ticks: [0, 0.25, 0.5, 0.75, 1],
    text: (value) => value.toFixed(3),
    guess: line ? guess : blankGuess(RANKS.length),
    name: 'your guess',
    ask: 'Draw your guess here',
    truth,
    hue: 'dw',
    floor: { points: FLOOR, name: ['floor', 'no rank-i matrix', 'gets closer'] },
  };
}

const drawnAt = (guess: DrawnGuess) => RANKS.filter((_, i) => guessAt(guess, i) !== null).length;

function useChart() {
  const [guess, setGuess] = useLessonValue(GUESS);
  const [line] = useLessonValue(LINE_SHOWN);
  const [shown] = useLessonValue(ANSWER_SHOWN);
  const [six] = useLessonValue(SIX_RUNS);
  const truth = useMemo(() => (shown ? errorsOf(six) : null), [shown, six]);
  const scene = useMemo(() => sceneOf(guess, line, truth), [guess, line, truth]);
  return { guess, setGuess, shown, six, truth, scene, line };
}

function chartWords(guess: DrawnGuess, truth: readonly (number | null)[] | null): string {
  const drawn = RANKS.flatMap((rank, i) => {
    const height = guessAt(guess, i);
    return height === null ? [] : [`${height.toFixed(2)} at rank ${rank}`];
  });
  const line = drawn.length > 0 ? `Your guess: ${drawn.join(', ')}.` : 'Nothing is drawn yet.';
  if (!truth) return `${line} The errors of the runs are hidden.`;
  const came = RANKS.flatMap((rank, i) => {
    const error = truth[i];
    return error === null || error === undefined ? [] : [`${error.toFixed(3)} at rank ${rank}`];
  });
  return `${line} The runs ended at ${came.join(', ')}; each is on the floor, within 0.002.`;
}

/** `revealed`: no question is open any more, and the recorded runs replace those not trained here. */
function Chart({ revealed = false }: { readonly revealed?: boolean }) {
  const { guess, setGuess, shown, truth, scene } = useChart();
  const errors = useMemo(() => truth ?? (revealed ? errorsOf(NO_LESSON_RUNS) : null), [truth, revealed]);
  const all = useMemo(() => ({ ...scene, truth: errors }), [scene, errors]);
  return (
    <GuessChart
      title="Error against rank"
      help="‖ΔW − ΔW*‖ / ‖ΔW*‖, Frobenius norm; 1 = nothing learned, 0 = perfect"
      scene={all}
      onGuess={shown || revealed ? undefined : setGuess}
      says={chartWords(guess, errors)}
      step={0.01}
    />
  );
}

/** In place of the lab, which would give the floor away: the target, and the chart to draw in. */
export function PredictFigure() {
  const { shown } = useChart();
  return (
    <div className="predict">
      <Chart />
      {shown ? <SixPictures toLab={false} /> : <Target />}
    </div>
  );
}

export function ResultFigure() {
  return (
    <div className="predict">
      <Chart revealed />
      <SixPictures toLab />
    </div>
  );
}

let painted: Plane | null = null;

function targetPlane(): Plane {
  if (painted) return painted;
  const { data } = paint(pictures.byName('landscape'), 64, 64);
  const mean = data.reduce((sum, grey) => sum + grey, 0) / data.length;
  painted = { values: Float32Array.from(data, (grey) => grey - mean), rows: 64, cols: 64, blockRows: 1, blockCols: 1 };
  return painted;
}

function Target() {
  const plane = useMemo(targetPlane, []);
  return (
    <section className="made target" aria-label="What is to be learned">
      <h2>Target</h2>
      <p className="help">
        <Sym of="ΔW*" />, 64 × 64, a picture
      </p>
      <HeatPicture plane={plane} of="target" scale={0.55} label="The target: a landscape with a sun over water" />
    </section>
  );
}

/** ΔW of each run, and its error against the guess. `toLab`: a press opens the run in the lab. */
function SixPictures({ toLab }: { readonly toLab: boolean }) {
  const { six, truth, guess } = useChart();
  const errors = truth ?? errorsOf(six);
  const rank = useLab(({ run, next }) => (next ?? { run }).run.experiment.rank);
  const dispatch = useDispatch();
  const now = useGetLab();
  const planes = useMemo(() => six.runs.map((run) => run && planeOf(run)), [six.runs]);
  const scale = useMemo(() => Math.max(0, ...planes.map((plane) => (plane ? largest(plane) : 0))), [planes]);
  const put = (to: number) => {
    const { experiment } = parseLink(PICTURE);
    for (const event of trainEvents({ ...experiment, rank: to })(now())) dispatch(event);
  };
  const made = (one: number, i: number) => {
    const [plane, error, drawn] = [planes[i] ?? null, errors[i] ?? null, guessAt(guess, i)];
    return (
      <>
        <HeatPicture plane={plane} of="dW" scale={scale} width={105} height={105} label={`ΔW at rank ${one}`} />
        <span>rank {one}</span>
        <span>
          {error !== null && <b className="dw">{error.toFixed(3)}</b>}
          {drawn !== null && ` · ${drawn.toFixed(2)}`}
        </span>
      </>
    );
  };
  return (
    <section className="made" aria-label="What each run made of it">
      <h2>What each run made of it</h2>
      <p className="help">
        <Sym of="ΔW" /> after training; error of the run
        {RANKS.some((_, i) => guessAt(guess, i) !== null) && ' · your guess'}
      </p>
      {planes.some((plane) => plane) ? (
        <div className="six">
          {RANKS.map((one, i) =>
            toLab ? (
              <button
                key={one}
                type="button"
                aria-pressed={one === rank}
                disabled={!planes[i]}
                onClick={() => put(one)}
              >
                {made(one, i)}
              </button>
            ) : (
              <div key={one}>{made(one, i)}</div>
            ),
          )}
        </div>
      ) : (
        <p className="wait space-above">{six.going ? 'Training …' : <TrainSix />}</p>
      )}
      {toLab && six.runs.length > 0 && <p className="help">Press one to put it in the lab.</p>}
    </section>
  );
}

const planeOf = ({ A, B, d, k, rank, scaling }: LessonRun) => productPlane(halvesOf(B, A, d, k, rank), scaling);
const largest = ({ values }: Plane) => values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);

function useSix() {
  const { runs, going, cancel: stop, start } = useTraining(SIX_RUNS);
  const [, setShown] = useLessonValue(ANSWER_SHOWN);
  const begin = () => {
    setShown(true);
    const { experiment } = parseLink(PICTURE);
    start?.(RANKS.map((rank) => change(experiment, { rank })));
  };
  return { runs, going, stop, begin };
}

function TrainSix({ main = false }: { readonly main?: boolean }) {
  const { begin } = useSix();
  return (
    <Button className={main ? 'btn main' : 'btn'} onClick={begin}>
      Train six ranks
    </Button>
  );
}

export function PredictControl() {
  const { guess, setGuess, shown, line } = useChart();
  const { runs, going, stop } = useSix();
  const [, setShown] = useLessonValue(ANSWER_SHOWN);
  const [, setLine] = useLessonValue(LINE_SHOWN);
  const done = runs.filter((run) => run !== null).length;
  const again = () => {
    setGuess(blankGuess(RANKS.length));
    setLine(true);
    setShown(false);
  };
  if (!shown)
    return (
      <div className="row">
        <TrainSix main={drawnAt(guess) > 0} />
        <LinkButton onClick={() => setShown(true)}>Skip the guess</LinkButton>
      </div>
    );
  if (going)
    return (
      <div className="row">
        <progress max={RANKS.length} value={done} aria-label="Six runs" />
        <span>
          {done} of {RANKS.length} ranks trained
        </span>
        <Button onClick={stop}>Cancel</Button>
      </div>
    );
  return (
    <div className="row">
      <Button onClick={again}>Draw again</Button>
      {drawnAt(guess) > 0 && <Button onClick={() => setLine(!line)}>{line ? 'Hide my line' : 'Show my line'}</Button>}
      {done < RANKS.length && <TrainSix />}
    </div>
  );
}

export function LineStatus() {
  const [guess] = useLessonValue(GUESS);
  const drawn = drawnAt(guess);
  const part = drawn === 0 ? 'Nothing drawn yet.' : `Drawn at ${drawn} of ${RANKS.length} ranks.`;
  return <p>{drawn < RANKS.length ? part : 'Drawn. Now train, and see.'}</p>;
}

export function LargestMiss() {
  const { guess, truth } = useChart();
  // After a new stroke the result is hidden again.
  if (!truth) return <LineStatus />;
  const miss = largestMiss(guess, truth);
  if (!miss) return <p>The dots are the runs; the dashed curve is the floor.</p>;
  const [drawn, ended] = [miss.drawn.toFixed(2), miss.truth.toFixed(3)];
  return (
    <p>
      You were furthest off at rank {RANKS[miss.place]}: you drew {drawn}, the run ended at {ended}.
    </p>
  );
}
