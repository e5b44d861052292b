import './sweep.css';
import { memo, type ReactNode } from 'react';
import { cellName, MEASURES, type SweepChart, type SweepScene } from '../../charts/sweep/cells.ts';
import { bestColumn, seedRows, sweepLines } from '../../charts/sweep/lines.ts';
import { mapHelp } from '../../charts/sweep/map.ts';
import { hasRanks, rankEnds } from '../../charts/sweep/rank-ends.ts';
import { axisCurves } from '../../charts/sweep/row-curves.ts';
import { cellFigures, sweepSentence } from '../../charts/sweep/sentence.ts';
import { sweepSmallMultiples } from '../../charts/sweep/small-multiples.ts';
import { plural } from '../../experiment/numbers.ts';
import { LinkButton } from '../../kit/button.tsx';
import { Select } from '../../kit/choice.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { type Column, DataTable } from '../../kit/grids/data-table.tsx';
import { useWidth } from '../../kit/media.tsx';
import { Subscripts } from '../../kit/symbols.tsx';
import type { PageEvent } from '../../state/events.ts';
import { SaveMenu } from '../figures/chart-figure.tsx';
import { Notices } from '../notices/notices.tsx';
import { Press, useDispatch, useLab } from '../page.tsx';
import Watch from '../tour/watch-notes.tsx';
import { ColourKey, HeatMap } from './heat-map.tsx';
import { PlanRail } from './plan-rail.tsx';
import { RunRow } from './run-row.tsx';
import { measuresOf } from './sweep-scene.ts';
import { closedCellReason, useOpenCell, useSweepScene } from './use-sweep.ts';

interface SceneProps {
  readonly scene: SweepScene;
}

export default function SweepScreen() {
  const scene = useSweepScene();
  const phone = useWidth() === 'phone';
  return (
    <div className="lab sweep">
      <PlanRail />
      <main id="main" tabIndex={-1}>
        <Notices />
        <p className="claim">
          <Subscripts>{unbroken(sweepSentence(scene))}</Subscripts>
        </p>
        <Watch bare />
        {scene.axes.length === 0 ? (
          <p className="note">
            Set a setting to <b>columns</b> and it is run at each of its values; another one to <b>rows</b>, and a map
            shows every combination. Each cell can be run with several seeds.
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
        <span className="key">{mapHelp(scene)}</span>
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
        <SweepFigure chart={hasRanks(scene) ? rankEnds : COLUMN} scene={scene} />
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
  return (
    <RunRow>
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
      options={measuresOf(scene.samples).map((measure) => [measure, MEASURES[measure]])}
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
        className="seeds"
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
