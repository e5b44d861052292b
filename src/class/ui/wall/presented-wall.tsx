import { Fragment, memo, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { LinkButton } from '../../../kit/button.tsx';
import type { Chart } from '../../../kit/chart/chart.ts';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { runAtPointer } from '../../../ui/figures/run-at-pointer.ts';
import { Notices } from '../../../ui/notices/notices.tsx';
import { wallCurves } from '../../charts/wall-curves.ts';
import { type WallScene, wallEnds } from '../../charts/wall-ends.ts';
import { questionsOf } from '../../model/questions.ts';
import { HandIns, type OneByOne } from './example-class.tsx';
import { GoalSentence } from './goal-sentence.tsx';
import { toggleNames, useChangeWall, type WallView } from './use-wall.ts';
import { Figures, groupHeadings, HeadLines, WALL_COLUMNS } from './wall-table.tsx';

interface QuestionsProps {
  readonly shown: WallView;
  readonly floors: WallScene['floors'];
}

/** Questions about the runs on the wall, for the discussion. */
export function AskTheClass({ shown: { standings, goal, names }, floors }: QuestionsProps) {
  const questions = useMemo(
    () => questionsOf({ standings, wanted: goal?.error ?? null, floors, names }),
    [standings, goal, floors, names],
  );
  if (questions.length === 0) return null;
  return (
    <section className="ask-class far-above" aria-labelledby="ask-class">
      <h2 id="ask-class">Ask the class</h2>
      <ul>
        {questions.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );
}

interface PresentedProps {
  readonly shown: WallView;
  readonly scene: WallScene;
  /** The one chart that is shown alone; null: both. */
  readonly picture: 0 | 1 | null;
  readonly oneByOne: OneByOne;
  readonly onPoint: (run: number | null) => void;
  readonly onPick: (chart: 0 | 1) => void;
}

export function PresentedWall({ shown, scene, picture, oneByOne, onPoint, onPick }: PresentedProps) {
  const { standings, wall } = shown;
  const of = (kind: string) => standings.filter((one) => one.kind === kind).length;
  const rest = [
    [of('missed'), of('missed') === 1 ? 'has not reached it' : 'have not reached it'],
    [of('diverged'), 'diverged'],
    [of('over'), 'over the budget'],
    [of('unplaced'), 'without a place'],
  ].flatMap(([n, what]) => (n === 0 ? [] : [`${n} ${what}`]));
  return (
    <main id="main" tabIndex={-1} className="wall presented">
      <h1 className="unseen">LoRA Explorer, class wall</h1>
      <Notices />
      <div className="wrap goal-row">
        <GoalSentence shown={shown} />
      </div>
      <div className="wall-columns">
        <div className="stack table-column">
          <Ranked shown={shown} scene={scene} />
          <AskTheClass shown={shown} floors={scene.floors} />
        </div>
        <div className="stack chart-column">
          {picture !== 1 && <WallFigure chart={wallEnds} scene={scene} onPoint={onPoint} />}
          {picture !== 0 && <WallFigure chart={wallCurves} scene={scene} onPoint={onPoint} />}
        </div>
      </div>
      <div className="acts soft under-rule presented-foot">
        {wall.example && <b>Example class</b>}
        <HandIns shown={shown} oneByOne={oneByOne} />
        <span>{rest.join(', ')}</span>
        <span className="sp" />
        <LinkButton aria-pressed={picture === 0} onClick={() => onPick(0)}>
          Error against rank, <b>1</b>
        </LinkButton>
        <LinkButton aria-pressed={picture === 1} onClick={() => onPick(1)}>
          Error over training, <b>2</b>
        </LinkButton>
        <PresentedActs hidden={wall.hidden} />
      </div>
    </main>
  );
}

export function PresentedActs({ hidden }: { readonly hidden: boolean }) {
  const change = useChangeWall();
  return (
    <>
      <LinkButton aria-pressed={hidden} onClick={() => change(toggleNames)}>
        hide names, <b>n</b>
      </LinkButton>
      <LinkButton onClick={() => change(() => ({ presents: false }))}>
        Exit, <b>Esc</b>
      </LinkButton>
    </>
  );
}

/** As many rows as fit; the others are counted. */
function Ranked({ shown: { standings, names, goal }, scene }: Pick<PresentedProps, 'shown' | 'scene'>) {
  const container = useRef<HTMLDivElement>(null);
  const [fits, setFits] = useState(Number.POSITIVE_INFINITY);
  const heads = groupHeadings(standings, goal);
  useLayoutEffect(() => {
    const box = container.current;
    if (!box) return;
    const measure = () => {
      const head = box.querySelector('thead')?.getBoundingClientRect().height ?? 0;
      const row = box.querySelector('tbody tr')?.getBoundingClientRect().height ?? 0;
      if (row > 0) setFits(Math.max(3, Math.floor((box.clientHeight - head) / row)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  // A heading takes a row, and so does the line that counts the others.
  const rowsTo = (i: number) => i + 1 + standings.slice(0, i + 1).filter((one) => heads.has(one)).length;
  const whole = standings.length === 0 || rowsTo(standings.length - 1) <= fits;
  const listed = whole ? standings : standings.filter((_, i) => rowsTo(i) < fits);
  const columns = WALL_COLUMNS.filter(({ present }) => present);
  const { pointed } = scene;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region is reached by keyboard
    <section ref={container} className="ranked" tabIndex={0} aria-label="Runs, best first">
      <table className="numbers whole ruled class-table">
        <caption className="unseen">Runs, best first</caption>
        <thead>
          <tr>
            <th>
              <span className="unseen">place</span>
            </th>
            <th className="l">
              <span className="unseen">name</span>
            </th>
            {columns.map(({ key, head, left }) => (
              <th key={key} scope="col" className={left ? 'l' : undefined} data-on={key === 'step' || undefined}>
                <HeadLines head={head} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {listed.map((standing) => (
            <Fragment key={standing.entry.id}>
              {heads.has(standing) && (
                <tr className="section">
                  <th colSpan={columns.length + 2} scope="colgroup">
                    {heads.get(standing)}
                  </th>
                </tr>
              )}
              <tr
                className={standing.kind === 'over' || standing.kind === 'unplaced' ? 'over' : undefined}
                data-raised={standing.entry.id === pointed || undefined}
              >
                <td>{standing.kind === 'reached' && standing.place}</td>
                <th scope="row" className="l">
                  <span className="nm">{names.get(standing.entry.id)}</span>
                </th>
                <Figures standing={standing} columns={columns} />
              </tr>
            </Fragment>
          ))}
          {!whole && (
            <tr>
              <td />
              <td className="l" colSpan={columns.length + 1}>
                and {standings.length - listed.length} more
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

interface WallFigureProps {
  readonly chart: Chart<WallScene>;
  readonly scene: WallScene;
  readonly onPoint: (run: number | null) => void;
}

/** Pointing at a dot, a curve or a name raises that run. The table next to the chart has all its numbers. */
export const WallFigure = memo(function WallFigure({ chart, scene, onPoint }: WallFigureProps) {
  const point = (event: PointerEvent<HTMLElement>) => onPoint(runAtPointer(event));
  return (
    <Figure name={chart.name} title={chart.title} help={chart.help(scene)}>
      <Plot
        chart={chart}
        scene={scene}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={(event) => event.pointerType !== 'touch' && onPoint(null)}
      />
    </Figure>
  );
});
