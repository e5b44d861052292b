import './network.css';
import { type ComponentType, useId, useMemo, useState } from 'react';
import { accuracy } from '../../charts/network/accuracy.ts';
import { trainedParameters } from '../../experiment/network/costs.ts';
import { TASK_WORDS } from '../../experiment/network/task-words.ts';
import { count } from '../../experiment/numbers.ts';
import type { NetworkAnswers } from '../../experiment/run-file/run-record.ts';
import { isFull, isHand } from '../../experiment/settings/bounds.ts';
import { SETTINGS } from '../../experiment/settings/params.ts';
import { useMedia, useWidth } from '../../kit/media.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { hasBar } from '../../state/places.ts';
import { answersAt, measuredFrameAt } from '../../state/run/history.ts';
import { shownIndex } from '../../state/run/run.ts';
import { shownStep } from '../../state/select.ts';
import { ChartFigure } from '../figures/chart-figure.tsx';
import { onDemand, useDispatch, useLab, useLabObject } from '../page.tsx';
import RunModules from '../strip/run-modules.tsx';
import { Strip } from '../strip/strip.tsx';
import WatchNotes from '../tour/watch-notes.tsx';
import { DigitGrid, DigitMap, rightOf, rowsOf } from './digit-grid.tsx';
import { PlanePictures } from './points.tsx';
import { Sequences } from './sequences.tsx';
import { taskSentence } from './task-sentence.ts';

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
