import { useMemo } from 'react';
import { display, number } from '../../experiment/numbers.ts';
import { SCALINGS, type Scaling, scalingOf } from '../../experiment/settings/rate.ts';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { Subscripts, Symbols } from '../../kit/symbols.tsx';
import type { Curve, CurvesScene } from '../charts/curves/curves.ts';
import { CurvesFigure, MapFigure, namesAxis, numbersAxis, OpenSweep, type RecordedMap } from '../figures/figures.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { useHasPredicted } from '../step.tsx';
import {
  ADAM_RATE,
  goodRates,
  LOW_RANK,
  OPTIMISER,
  OPTIMISERS,
  POINTED_CELL,
  RECORDED,
  RULE,
  type SweptOptimiser,
} from './recorded.ts';

const RULES = Object.keys(SCALINGS) as Scaling[];
const ruleName = (rule: Scaling) => (rule === 'none' ? 's = 1' : `s = ${SCALINGS[rule]}`);

const { ranks, floors, errors, gradients, maps } = RECORDED;
const byRank = (values: readonly number[]) => ranks.map((rank, i) => [rank, values[i]] as const);
const RANK_AXIS = { name: 'rank r', scale: 'log', ends: [ranks[0], ranks[ranks.length - 1]], ticks: ranks } as const;
const ERROR_AXIS = { name: 'error', scale: 'linear', ends: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] } as const;
const FLOOR = { name: 'floor', points: byRank(floors), hatched: true } as const;

function endsScene(optimiser: SweptOptimiser, rules: readonly Scaling[]): CurvesScene {
  const curves = rules.map((rule): Curve => {
    return {
      name: ruleName(rule),
      className: 'dw',
      points: byRank(errors[optimiser][rule]),
      kind: RULES.indexOf(rule),
      marked: true,
      ...(rules.length === 1 || rule === 'standard' ? { strong: true } : {}),
    };
  });
  return { x: RANK_AXIS, y: ERROR_AXIS, curves, floor: FLOOR };
}

function firstRunScene(): CurvesScene {
  const points = byRank(errors.sgd.standard).slice(0, 1);
  return {
    x: RANK_AXIS,
    y: ERROR_AXIS,
    curves: [{ name: '?', className: 'dw', points, kind: 0, marked: true, strong: true }],
    floor: FLOOR,
  };
}

function gradientScene(): CurvesScene {
  return {
    x: RANK_AXIS,
    y: { name: 'norm', scale: 'log', ends: [0.15, 3], ticks: [0.2, 0.5, 1, 2] },
    curves: RULES.map((rule): Curve => {
      return {
        name: ruleName(rule),
        className: 'b',
        points: byRank(gradients[rule]),
        kind: RULES.indexOf(rule),
        marked: true,
      };
    }),
  };
}

function mapOf(optimiser: SweptOptimiser): RecordedMap {
  const { rates, ranks, floors, cells } = maps[optimiser];
  const rules = namesAxis(
    'scaling',
    'scaling rule',
    's = ',
    RULES.map((rule) => SCALINGS[rule]),
  );
  return {
    axes: [numbersAxis('lr', 'learning rate', 'rate ', rates), numbersAxis('rank', 'rank r', 'r = ', ranks), rules],
    panels: RULES.map((rule) => cells[rule]),
    floors,
  };
}

const ERROR_HELP = 'recorded runs, σᵢ of ΔW* falls as 1/√i, 128 × 128; 1 = nothing learned; α = 16';

/** The prediction's chart: one dot, until the reader has guessed. */
export function PredictionChart() {
  const known = useHasPredicted('scaling', 'fixed-rate');
  const scene = useMemo(() => (known ? endsScene('sgd', ['standard']) : firstRunScene()), [known]);
  return (
    <div className="figures">
      <CurvesFigure
        title="Error after 100 steps, by rank"
        help={`SGD, rate 0.05, s = α/r; ${ERROR_HELP}`}
        scene={scene}
      />
      {known && <OpenSweep preset="scaling-rule" />}
    </div>
  );
}

const HABITS = [
  { name: 'α = r', alpha: (rank: number) => rank },
  { name: 'α = 2r', alpha: (rank: number) => 2 * rank },
  { name: 'α = 16', alpha: () => 16 },
  { name: 'α = 32', alpha: () => 32 },
] as const;
const TABLE_RANKS = [1, 4, 8, 16, 32, 64];

function habitScene(scaling: Scaling): CurvesScene {
  return {
    x: { name: 'rank r', scale: 'log', ends: [1, 64], ticks: TABLE_RANKS },
    y: { name: 's', scale: 'log', ends: [0.2, 40], ticks: [0.25, 1, 4, 16] },
    curves: HABITS.map(({ name, alpha }, i): Curve => {
      const points = TABLE_RANKS.map((rank) => [rank, scalingOf({ scaling, alpha: alpha(rank), rank })] as const);
      return { name, className: 'ink', points, kind: i, marked: true };
    }),
  };
}

const GROWS = 'from 1 to 64';

/** s by rank under the selected rule, for each habit of choosing α. */
export function HabitTable() {
  const [rule] = useLessonValue(RULE);
  const s = (rank: number, { alpha }: (typeof HABITS)[number]) =>
    scalingOf({ scaling: rule, alpha: alpha(rank), rank });
  const rows = [
    ...TABLE_RANKS.map((rank) => ({ head: String(rank), values: HABITS.map((habit) => display(s(rank, habit))) })),
    { head: GROWS, values: HABITS.map((habit) => growth(s(64, habit) / s(1, habit))) },
  ];
  const scene = useMemo(() => habitScene(rule), [rule]);
  return (
    <div className="figures">
      <CurvesFigure
        title={`s by rank, under ${ruleName(rule)}`}
        help="both axes logarithmic; one line for each habit"
        scene={scene}
      />
      <section className="scrolls">
        <DataTable
          className="numbers"
          caption="The same in numbers"
          rows={rows}
          rowClass={({ head }) => (head === GROWS ? 'grows' : undefined)}
          columns={[
            { key: 'rank', head: <Symbols>rank r</Symbols>, cell: ({ head }) => head },
            ...HABITS.map(({ name }, i) => ({
              key: name,
              head: <Subscripts>{name}</Subscripts>,
              cell: ({ values }: (typeof rows)[number]) => values[i],
            })),
          ]}
        />
      </section>
    </div>
  );
}

/** "× 8", "÷ 64", "stays". */
function growth(factor: number): string {
  if (Math.abs(factor - 1) < 1e-9) return 'stays';
  return factor > 1 ? `× ${display(factor)}` : `÷ ${display(1 / factor)}`;
}

const FIRST_GRADIENT = gradientScene();
const TWO_RULES = endsScene('sgd', ['standard', 'rslora']);

export function StallFigure() {
  return (
    <div className="figures two">
      <CurvesFigure
        title="Gradient of B at step 0, by rank"
        help="recorded: ‖∂L/∂B‖, Frobenius norm; both axes logarithmic; α = 16"
        scene={FIRST_GRADIENT}
      />
      <CurvesFigure title="Error after 100 steps, by rank" help={`SGD, rate 0.05; ${ERROR_HELP}`} scene={TWO_RULES} />
    </div>
  );
}

export function OptimiserFigure() {
  const [optimiser] = useLessonValue(OPTIMISER);
  const scene = useMemo(() => endsScene(optimiser, RULES), [optimiser]);
  const rate = optimiser === 'adam' ? ADAM_RATE : 0.05;
  return (
    <div className="figures">
      <CurvesFigure
        title={`Error after 100 steps with ${OPTIMISERS[optimiser]}, by rank`}
        help={`rate ${rate}; ${ERROR_HELP}`}
        scene={scene}
      />
    </div>
  );
}

const SWEEPS = { sgd: 'largest-rate', adam: 'best-rate' } as const;
const MAPS = { sgd: mapOf('sgd'), adam: mapOf('adam') } as const;

function useMap() {
  const [optimiser] = useLessonValue(OPTIMISER);
  const [at, point] = useLessonValue(POINTED_CELL);
  return { optimiser, map: MAPS[optimiser], at, point };
}

const mapTitle = (optimiser: 'sgd' | 'adam') => `Final error ÷ floor with ${OPTIMISERS[optimiser]}`;
const MAP_HELP = 'recorded runs: the picture, 64 × 64, α = 16, 100 steps, one seed; 1 = as good as this rank can be';

export function LargestRates() {
  const { at, point } = useMap();
  return (
    <div className="figures">
      <MapFigure title={mapTitle('sgd')} help={MAP_HELP} map={MAPS.sgd} at={at} onPoint={point}>
        <OpenSweep preset={SWEEPS.sgd} />
      </MapFigure>
    </div>
  );
}

export function LowRankRates() {
  const { optimiser, map, at, point } = useMap();
  const [low] = useLessonValue(LOW_RANK);
  return (
    <div className="figures">
      <MapFigure title={mapTitle(optimiser)} help={MAP_HELP} map={map} at={at} onPoint={point}>
        <GoodRates optimiser={optimiser} low={Number(low)} />
        <OpenSweep preset={SWEEPS[optimiser]} />
      </MapFigure>
    </div>
  );
}

function GoodRates({ optimiser, low }: { readonly optimiser: 'sgd' | 'adam'; readonly low: number }) {
  const map = RECORDED.maps[optimiser];
  return (
    <section className="scrolls">
      <DataTable
        className="numbers"
        caption="Good rates: the run ends within 10% of the best at its rank"
        rows={RULES.map((rule) => ({ rule, few: goodRates(map, rule, low), many: goodRates(map, rule, 32) }))}
        columns={[
          { key: 'rule', head: 'rule', cell: ({ rule }) => <Subscripts>{ruleName(rule)}</Subscripts> },
          { key: 'low', head: `at rank ${low}`, cell: ({ few }) => range(few) },
          { key: '32', head: 'at rank 32', cell: ({ many }) => range(many) },
          {
            key: 'both',
            head: 'in common',
            cell: ({ few, many }) => range(few.filter((rate) => many.includes(rate))) || 'none',
          },
        ]}
      />
    </section>
  );
}

function range(rates: readonly number[]): string {
  const [first, last] = [rates[0], rates[rates.length - 1]];
  if (first === undefined) return '';
  return first === last ? display(first) : `${display(first)} to ${display(last)}`;
}

export const recordedError = (optimiser: 'sgd' | 'adam', rule: Scaling, rank: number) =>
  number(RECORDED.errors[optimiser][rule][RECORDED.ranks.indexOf(rank)]);
