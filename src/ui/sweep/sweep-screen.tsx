import './sweep.css';
import { memo, type ReactNode, useState } from 'react';
import { cellName, MEASURES, type SweepChart, type SweepScene } from '../../charts/sweep/cells.ts';
import { bestColumn, seedRows, sweepLines } from '../../charts/sweep/lines.ts';
import { mapHelp } from '../../charts/sweep/map.ts';
import { hasRanks, rankEnds } from '../../charts/sweep/rank-ends.ts';
import { axisCurves } from '../../charts/sweep/row-curves.ts';
import { answerOf, cellFigures, enoughDetail, sweepSentence } from '../../charts/sweep/sentence.ts';
import { sweepSmallMultiples } from '../../charts/sweep/small-multiples.ts';
import { plural } from '../../experiment/numbers.ts';
import { isNetwork } from '../../experiment/settings/bounds.ts';
import { isActive } from '../../experiment/settings/experiment.ts';
import { targets } from '../../experiment/targets/index.ts';
import { Button, LinkButton, Select } from '../../kit/button.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { type Column, DataTable } from '../../kit/grids/data-table.tsx';
import { useWidth } from '../../kit/media.tsx';
import { Subscripts } from '../../kit/symbols.tsx';
import type { PageEvent } from '../../state/events.ts';
import type { State } from '../../state/state.ts';
import { useExercise } from '../controls/visible-controls.ts';
import { SaveMenu } from '../figures/chart-figure.tsx';
import { Notices } from '../notices/notices.tsx';
import { Press, useDispatch, useLab } from '../page.tsx';
import Watch from '../tour/watch-notes.tsx';
import { ColourKey, HeatMap } from './heat-map.tsx';
import { PlanRail } from './plan-rail.tsx';
import { SWEEP_QUESTIONS } from './questions.ts';
import { ReadyQuestions } from './ready-questions.tsx';
import { RunRow } from './run-row.tsx';
import { measuresOf, valueText } from './sweep-scene.ts';
import { closedCellReason, useOpenCell, useSweepScene } from './use-sweep.ts';

/** The settings that make a method larger or smaller, and the method itself. */
const SIZES: readonly string[] = ['method', 'rank', 'block', 'factor', 'entries'];

interface SceneProps {
  readonly scene: SweepScene;
}

export default function SweepScreen() {
  const scene = useSweepScene();
  const phone = useWidth() === 'phone';
  const exercise = useExercise();
  /** True once one's own sweep is planned. */
  const [own, setOwn] = useState(false);
  const from = useLab(ownWords);
  if (scene.axes.length === 0 && !own && !exercise)
    return (
      <ReadyQuestions title="A sweep trains every combination of the settings you name." questions={SWEEP_QUESTIONS}>
        <Button onClick={() => setOwn(true)}>My own sweep</Button>
        <span className="note">Choose a setting for the columns and one for the rows. It begins from {from}.</span>
        <MethodsBySize />
      </ReadyQuestions>
    );
  return (
    <div className="lab sweep">
      <PlanRail onPlan={() => setOwn(true)} />
      <main id="main" tabIndex={-1}>
        <Notices />
        <p className="claim">
          <Subscripts>{unbroken(sweepSentence(scene))}</Subscripts>
        </p>
        <EnoughDetail scene={scene} />
        {scene.axes.some(({ key }) => SIZES.includes(key)) && <MethodsBySize />}
        <Watch about="sweep" />
        {scene.axes.length === 0 ? (
          <p className="note">
            Put one setting on the <b>columns</b> and another on the <b>rows</b>; every combination is trained, with as
            many seeds as you like.
          </p>
        ) : scene.axes.length === 1 ? (
          <OneSetting scene={scene} />
        ) : (
          <Mapped scene={scene} />
        )}
        {phone && scene.axes.length > 0 && (
          <div className="row">
            <Files of={fileOf(scene)} />
          </div>
        )}
      </main>
    </div>
  );
}

/** Methods have sizes of several kinds, which no setting of a sweep holds: the map compares them by what they train. */
function MethodsBySize() {
  const offered = useLab(({ experiment: e }) => !isNetwork(e) && isActive('method', e));
  if (!offered) return null;
  return (
    <Press
      className="link"
      event={{ type: 'viewed', changes: { view: 'which', which: 'own,lora,8,sizes' } }}
      title="Every method at several sizes on the update of the lab: error against trained parameters"
    >
      Methods by trained parameters
    </Press>
  );
}

/** "this run: sunglasses for an owl, rank 8, Adam". */
const ownWords = ({ experiment: e }: State) =>
  `this run: ${targets.byName(e.target).caption(e)}, rank ${e.rank}, ${valueText('opt', e.opt)}`;

function EnoughDetail({ scene }: SceneProps) {
  const text = enoughDetail(scene);
  return text !== null && <p className="note detail">{text}</p>;
}

/** A sentence without a line break inside "s = 1". */
const unbroken = (text: string) => text.replaceAll(' = ', '\u00a0=\u00a0');

const ROW = axisCurves(0);
const COLUMN = axisCurves(1);

/** Two or three settings: the map, below it the ends of the runs, and the row of the cell pointed at. */
function Mapped({ scene }: SceneProps) {
  const dispatch = useDispatch();
  return (
    <>
      <div className="hh">
        <MeasureChoice scene={scene} />
        <span className="muted">{mapHelp(scene)}</span>
        <ColourKey scene={scene} />
        <span className="sp" />
        <ReadOut scene={scene} />
      </div>
      <HeatMap
        scene={scene}
        onPoint={(at) => dispatch({ type: 'sweep', sweep: { does: 'point', at } })}
        onOpen={useOpenCell()}
      />
      <Buttons scene={scene} />
      <div className="two">
        <SweepFigure chart={hasRanks(scene) && !scene.network ? rankEnds : COLUMN} scene={scene} />
        <SweepFigure chart={ROW} scene={scene} />
      </div>
    </>
  );
}

/** One setting: medians and bands along it, a small chart for each value, and the numbers. */
function OneSetting({ scene }: SceneProps) {
  return (
    <>
      <div className="two wide">
        <SweepFigure
          chart={sweepLines}
          scene={scene}
          title={
            <span className="hh">
              <MeasureChoice scene={scene} />{' '}
              <b>
                against <Subscripts>{scene.axes[0]?.name ?? ''}</Subscripts>
              </b>
            </span>
          }
        />
        <SweepFigure chart={sweepSmallMultiples} scene={scene} />
      </div>
      <Buttons scene={scene} />
      <SeedTable scene={scene} />
    </>
  );
}

/** Buttons of the sweep; on a phone with the link to its settings, and the files at the end of the page. */
function Buttons({ scene }: SceneProps) {
  const phone = useWidth() === 'phone';
  const open = useOpenCell();
  const answer = answerOf(scene);
  const closed = useLab((s) => answer !== null && closedCellReason(s, answer.at) !== null);
  return (
    <RunRow answer={answer && !closed ? { label: answer.label, onClick: () => open(answer.at) } : null}>
      {phone ? <Press event={{ type: 'panel', panel: { name: 'rail' } }}>Set up</Press> : <Files of={fileOf(scene)} />}
    </RunRow>
  );
}

const fileOf = ({ axes }: SweepScene) => (axes.length === 1 ? 'sweepLines' : 'sweepMap');

function Files({ of: chart }: { readonly of: string }) {
  const save = (what: 'svg' | 'png' | 'table', of: string): PageEvent => ({
    type: 'command',
    command: { save: what, chart: of },
  });
  return (
    <>
      <Press title="Every run as a table (t)" event={{ type: 'panel', panel: { name: 'table', chart: 'sweep' } }}>
        Table
      </Press>
      <Press title="One line per run" event={save('table', 'sweep')}>
        CSV
      </Press>
      <Press event={save('svg', chart)}>SVG</Press>
      <Press event={save('png', chart)}>PNG</Press>
    </>
  );
}

function MeasureChoice({ scene }: SceneProps) {
  const dispatch = useDispatch();
  return (
    <Select
      className="pick quiet measure"
      aria-label="Measure"
      options={measuresOf(scene).map((measure) => [measure, MEASURES[measure]])}
      value={scene.measure}
      onChange={(measure) => dispatch({ type: 'sweep', sweep: { does: 'measure', measure } })}
    />
  );
}

function ReadOut({ scene }: SceneProps) {
  const open = useOpenCell();
  const { pointed } = scene;
  const closed = useLab((s) => pointed && closedCellReason(s, pointed.at));
  if (!pointed) return null;
  return (
    <span className="readout">
      <Subscripts>{cellName(scene, pointed.at)}</Subscripts>: {cellFigures(scene, pointed)}{' '}
      {closed !== null && pointed.why === null && <span className="note">{closed}.</span>}
      {pointed.why === null && closed === null && (
        <LinkButton className="link open" onClick={() => open(pointed.at)}>
          Open in the lab
        </LinkButton>
      )}
    </span>
  );
}

interface SweepFigureProps extends SceneProps {
  readonly chart: SweepChart;
  readonly title?: ReactNode;
}

const SweepFigure = memo(function SweepFigure({ chart, scene, ...given }: SweepFigureProps) {
  const title = chart.title(scene);
  return (
    <Figure
      name={chart.name}
      title={given.title ?? <Subscripts>{title}</Subscripts>}
      label={given.title ? title : undefined}
      row={<SaveMenu name={chart.name} title={title} />}
      help={<Subscripts>{chart.help(scene)}</Subscripts>}
    >
      <Plot chart={chart} scene={scene} />
    </Figure>
  );
});

function SeedTable({ scene }: SceneProps) {
  const open = useOpenCell();
  const [axis] = scene.axes;
  if (!axis || scene.cells.every(({ runs }) => runs.every((run) => run === null))) return null;
  const best = bestColumn(scene);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region is reached by keyboard
    <section className="seeds-scroll" tabIndex={0} aria-label={`${MEASURES[scene.measure]}, numbers`}>
      <DataTable
        className="numbers whole ruled seeds"
        caption={<span className="unseen">{`${MEASURES[scene.measure]} over ${plural(scene.seeds, 'seed')}`}</span>}
        rows={seedRows(scene)}
        columns={[
          {
            key: '',
            head: `${MEASURES[scene.measure].toLowerCase()}, ${plural(scene.seeds, 'seed')}`,
            cell: ({ head }) => head,
          },
          ...axis.texts.map((text, i): Column<ReturnType<typeof seedRows>[number]> => {
            const why = scene.cells[i]?.why;
            return {
              key: text,
              className: i === best ? 'best' : undefined,
              head: (
                <LinkButton title="Open its first seed in the lab" disabled={why !== null} onClick={() => open([i])}>
                  <Subscripts>{`${axis.before}${text}`}</Subscripts>
                </LinkButton>
              ),
              cell: ({ texts }) => <span title={why ?? undefined}>{texts[i]}</span>,
            };
          }),
        ]}
      />
    </section>
  );
}
