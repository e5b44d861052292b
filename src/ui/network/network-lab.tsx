import './network.css';
import { type ComponentType, useId, useMemo, useState } from 'react';
import { accuracy } from '../../charts/network/accuracy.ts';
import { trainedParameters } from '../../experiment/network/costs.ts';
import type { DigitSet } from '../../experiment/network/digits.ts';
import { countRight, type DigitLayer, digitOutputs, digitsRead } from '../../experiment/network/forward.ts';
import { POINT_INPUTS } from '../../experiment/network/points.ts';
import { TASK_WORDS } from '../../experiment/network/task-words.ts';
import { count } from '../../experiment/numbers.ts';
import type { NetworkAnswers } from '../../experiment/run-file/run-record.ts';
import { isFull, isHand } from '../../experiment/settings/bounds.ts';
import { SETTINGS } from '../../experiment/settings/params.ts';
import { Heatmap, type Pixels } from '../../kit/grids/heatmap.tsx';
import { useMedia, useWidth } from '../../kit/media.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { hasBar } from '../../state/places.ts';
import { answersAt, measuredFrameAt } from '../../state/run/history.ts';
import { shownIndex } from '../../state/run/run.ts';
import { shownStep } from '../../state/select.ts';
import { ChartFigure } from '../figures/chart-figure.tsx';
import { useTheme } from '../looks/theme.tsx';
import { onDemand, useDispatch, useLab, useLabObject } from '../page.tsx';
import { colour, mix } from '../rail/colours.ts';
import RunModules from '../strip/run-modules.tsx';
import { Strip } from '../strip/strip.tsx';
import WatchNotes from '../tour/watch-notes.tsx';
import { DigitGrid, DigitMap, rightOf, rowsOf, useMergedLayers } from './digit-grid.tsx';
import { Sequences } from './sequences.tsx';
import { taskSentence } from './task-sentence.ts';

/** A picture covers the plane from −2 to 2. */
const EDGE = 2;
const CELLS = 40;
/** Of the points drawn. */
const MAX_POINTS = 160;

/** The class of each cell of the plane, row by row from the top. */
function classesOfPlane(layers: readonly DigitLayer[]): Uint8Array {
  const at = (i: number) => ((2 * i + 1) / CELLS - 1) * EDGE;
  return Uint8Array.from({ length: CELLS * CELLS }, (_, i) => {
    const [zero, one] = digitOutputs(layers, [at(i % CELLS), -at(Math.floor(i / CELLS)), 1]);
    return one > zero ? 1 : 0;
  });
}

/** The plane as the network divides it, now, before and with full fine-tuning, with held-out points of the new task. */
function PlanePictures() {
  const ready = useLab((s) => s.run.ready);
  const full = useLab((s) => s.run.full);
  const words = useLab((s) => TASK_WORDS[s.run.experiment.adapt]);
  const matrices = useMergedLayers();
  const before = matrices?.before;
  const wanted = useMemo(() => {
    const { network } = ready ?? {};
    if (!before || !network || !full) return null;
    const updates = new Map(full.modules.map(({ name, wanted: { matrix } }) => [name, matrix]));
    return before.map((layer, l): DigitLayer => {
      const update = updates.get(network.layers[l].name);
      return update ? { ...layer, W: Float64Array.from(layer.W, (w, i) => w + update[i]) } : layer;
    });
  }, [ready, before, full]);
  const network = ready?.network;
  if (network?.kind !== 'labelled' || !matrices) return <div className="network-grids" />;
  return (
    <section className="network-grids planes" aria-label={words.new}>
      <PlanePicture name="now" hue="dw" size={260} layers={matrices.now} set={network.heldOut} of={words.new} />
      <div>
        <PlanePicture name="before" hue="w0" size={120} layers={matrices.before} set={network.heldOut} of={words.new} />
        {wanted && (
          <PlanePicture name="full" hue="dwt" size={120} layers={wanted} set={network.heldOut} of={words.new} />
        )}
      </div>
      <p className="note">
        Shares of {count(network.heldOut.answers.length)} held-out points. Grey: where the network answers the class of
        the hollow ones. Wrong points are crossed out.
      </p>
    </section>
  );
}

interface PlanePictureProps {
  readonly name: string;
  readonly hue: 'w0' | 'dw' | 'dwt';
  /** In px. */
  readonly size: number;
  readonly layers: readonly DigitLayer[];
  readonly set: DigitSet;
  /** The task. */
  readonly of: string;
}

const GREY = 0.18;

function PlanePicture({ name, hue, size, layers, set, of }: PlanePictureProps) {
  const theme = useTheme();
  const pixels = useMemo((): Pixels => {
    const classes = classesOfPlane(layers);
    const paint = (into: Uint8ClampedArray) => {
      const [paper, ink] = [colour('--paper'), colour('--ink')];
      for (const [i, one] of classes.entries()) mix(into, i, paper, ink, GREY * one);
    };
    return { rows: CELLS, cols: CELLS, paint };
  }, [layers, theme]);
  const read = useMemo(() => digitsRead(layers, set), [layers, set]);
  const accuracy = (countRight(set, read) / read.length).toFixed(3);
  return (
    <div className="plane" style={{ width: size }}>
      <div className="plane-picture" role="img" aria-label={`${of}, ${name}: ${accuracy} of the points right`}>
        <Heatmap pixels={pixels} aria-hidden="true" />
        <svg viewBox={`${-EDGE} ${-EDGE} ${2 * EDGE} ${2 * EDGE}`} aria-hidden="true">
          {Array.from(read.subarray(0, MAX_POINTS), (answer, i) => {
            const [x, y] = [set.inputs[i * POINT_INPUTS], -set.inputs[i * POINT_INPUTS + 1]];
            const wrong = answer !== set.answers[i];
            return (
              <g key={i} className={wrong ? 'wrong-point' : undefined}>
                <circle cx={x} cy={y} r={0.04} fill={set.answers[i] === 0 ? 'currentColor' : 'var(--paper)'} />
                {wrong && <path d={`M${x - 0.07} ${y - 0.07}l.14 .14m0 -.14l-.14 .14`} />}
              </g>
            );
          })}
        </svg>
      </div>
      <div>
        <span className={hue}>{name}</span> {accuracy}
      </div>
    </div>
  );
}

/** Loaded with the first drawing pad. */
const HandLab = onDemand(() => import('../hand/hand-lab.tsx'), <div className="network-grids" />);

/** The digits of both tasks as the network reads them, and the matrices that change it. */
export default function NetworkLab() {
  const full = useLab((s) => isFull(s.run.experiment));
  const hand = useLab((s) => isHand(s.experiment));
  const sent = useLab((s) => s.view.hand !== '');
  const present = useLab((s) => s.view.view === 'present');
  const watched = useLab((s) => s.preset !== null && hasBar(s.view) && s.view.lesson === '');
  if (present)
    return (
      <div className="network">
        <Sentence />
        <div className="network-presented">
          {hand && sent ? <HandLab /> : <Pictures />}
          <section className="charts one" aria-label="Charts">
            <ChartFigure chart={accuracy} />
          </section>
        </div>
      </div>
    );
  return (
    <div className="network">
      <Sentence />
      {watched && <WatchNotes />}
      <div className="network-row">
        {hand ? <HandLab /> : <Pictures />}
        <div className="network-layers">
          <Matrices />
          {full ? (
            <p className="help">
              Full fine-tuning trains ΔW itself: there is no B and no A. The bars are its singular values.
            </p>
          ) : (
            <Strip />
          )}
        </div>
      </div>
    </div>
  );
}

/** By the target's network: of the held-out examples of both tasks. */
const PICTURES: Readonly<Record<string, ComponentType>> = {
  digits: Grids,
  transformer: Sequences,
  classifier: PlanePictures,
};

function Pictures() {
  const target = useLab((s) => s.run.experiment.target);
  const Found = PICTURES[target];
  return Found ? <Found /> : null;
}

function Sentence() {
  const experiment = useLab((s) => s.experiment);
  const { adapt, method, rank, train } = experiment;
  const { says, rest, asks } = useLabObject((s) => taskSentence(s.next ? { ...s.run, status: 'preparing' } : s.run));
  return (
    <p className="claim">
      The network could {TASK_WORDS[adapt].known}. {asks && 'Can '}
      {method === 'full' ? (
        `${asks ? 'training' : 'Training'} all of its matrices`
      ) : method === 'lora' ? (
        <>
          {asks ? 'training' : 'Training'} only {train !== 'A' && <i className="b">B</i>}
          {train === 'both' && ' and '}
          {train !== 'B' && <i className="a">A</i>}, <i>r</i>
          {`\u00a0=\u00a0${rank}`},
        </>
      ) : (
        `${asks ? 'training' : 'Training'} only the ${count(trainedParameters(experiment))} numbers of ${SETTINGS.method.names[method]} (the matrices have ${count(trainedParameters({ ...experiment, method: 'full' }))})`
      )}{' '}
      {says}
      {asks ? '?' : '.'} {rest}
    </p>
  );
}

function Grids() {
  const ready = useLab((s) => s.run.ready?.network ?? null);
  const network = ready?.kind === 'labelled' ? ready : null;
  const frames = useLab((s) => s.run.frames);
  const step = useLab(shownStep);
  const full = useLab((s) => s.run.full?.record.frames.at(-1)?.answers ?? null);
  const words = useLab((s) => TASK_WORDS[s.run.experiment.adapt]);
  const present = useLab((s) => s.view.view === 'present');
  const phone = useWidth() === 'phone';
  // In Present, both tasks and the chart beside them.
  const roomForBoth = useMedia('(min-width: 1360px)');
  const [shown, setShown] = useState<keyof NetworkAnswers>('heldOut');
  const id = useId();
  const rows = useMemo(() => network && ([network.heldOut, network.old] as const).map(rowsOf), [network]);
  const answers = answersAt(frames, step);
  if (!network || !rows || !answers) return <div className="network-grids" />;
  const { start, now } = answers;
  const grids = [
    { name: words.new, of: 'heldOut' as const, learns: true },
    { name: `${words.old}, the old task`, of: 'old' as const, learns: false },
  ];
  const panel = `${id}grids`;
  return (
    <div className="network-grids" id={panel}>
      {phone && !present && (
        <Tabs
          aria-label="Held-out digits"
          panel={panel}
          tabs={grids.map(({ of, name }) => [of, name])}
          shown={shown}
          onShow={setShown}
        />
      )}
      {grids.map(({ name, of, learns }, i) => {
        if (present ? !learns && !roomForBoth : phone && of !== shown) return null;
        const [right, all] = rightOf(network[of], rows[i], now[of]);
        const part = (answers: NetworkAnswers) => answers[of];
        return (
          <section key={of} aria-label={name}>
            <h3 className="ends grid-head">
              <span>{name}</span> <span>{`${right} of these ${all}`}</span>
            </h3>
            <DigitGrid
              label={`Held-out digits: ${name}`}
              set={network[of]}
              rows={rows[i]}
              now={part(now)}
              before={part(start)}
              learns={learns}
            />
            <div className="digit-maps">
              <DigitMap name="before" hue="w0" set={network[of]} rows={rows[i]} given={part(start)} />
              {full && <DigitMap name="full" hue="dwt" set={network[of]} rows={rows[i]} given={part(full)} />}
            </div>
          </section>
        );
      })}
    </div>
  );
}

const BARS = 24;
const [WIDTH, HEIGHT] = [128, 46];

/** Tabs, or of a network of several blocks a grid. */
function Matrices() {
  const blocks = useLab((s) => s.run.modules.some(({ name }) => name.includes('.')));
  return blocks ? <RunModules /> : <LayerTabs />;
}

/** A tab for each adapted matrix, with the singular values of its ΔW as bars and those of full fine-tuning as dots. */
function LayerTabs() {
  const modules = useLab((s) => s.run.modules);
  const chosen = useLab(shownIndex);
  const frame = useLab((s) => measuredFrameAt(s.run.frames, shownStep(s)));
  const full = useLab((s) => s.run.full);
  const dispatch = useDispatch();
  return (
    <fieldset className="row wrap space-below layer-tabs" aria-label="Matrix shown">
      {modules.map(({ name, d, k }, i) => {
        const sigma = frame?.modules[i]?.spectrum ?? [];
        const wanted = full?.modules.find((module) => module.name === name)?.wanted.spectrum ?? [];
        const most = Math.max(1e-9, sigma[0] ?? 0, wanted[0] ?? 0);
        const height = (value: number) => (HEIGHT - 4) * (value / most);
        return (
          <button
            key={name}
            type="button"
            className="stack soft"
            aria-pressed={i === chosen}
            onClick={() => dispatch({ type: 'viewed', changes: { module: name } })}
          >
            <span>
              <strong>{name}</strong> {`${d} × ${k}`}
            </span>
            <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
              {Array.from(sigma)
                .slice(0, BARS)
                .map((value, j) => (
                  <rect
                    key={j}
                    className="dw"
                    fill="currentColor"
                    x={j * 5 + 1}
                    width={4}
                    y={HEIGHT - height(value)}
                    height={height(value)}
                  />
                ))}
              {Array.from(wanted)
                .slice(0, BARS)
                .map((value, j) => (
                  <circle
                    key={j}
                    className="dwt"
                    fill="currentColor"
                    cx={j * 5 + 3}
                    cy={HEIGHT - height(value) - 1}
                    r={1.5}
                  />
                ))}
            </svg>
          </button>
        );
      })}
    </fieldset>
  );
}
