import { Button, Check, Choice, LinkButton, Radios, Select } from '../kit/button.tsx';
import type { ReadableChart } from '../kit/chart/chart.ts';
import { Figure, ReadFigure } from '../kit/figure.tsx';
import { Formula } from '../kit/formula/formula.tsx';
import { type Column, DataTable, sortRows } from '../kit/grids/data-table.tsx';
import { type CellPlace, GridPicture } from '../kit/grids/grid-picture.tsx';
import { Heatmap, MatrixFigure, type Pixels } from '../kit/grids/heatmap.tsx';
import { Menu } from '../kit/menu.tsx';
import type { GridCell, GridScene } from '../kit/modules/grid-scene.ts';
import { ModuleGrid } from '../kit/modules/module-grid.tsx';
import { NoticeLines } from '../kit/notices.tsx';
import { NumberField, numberReader } from '../kit/number-field.tsx';
import { evenTrack, SliderControl } from '../kit/slider.tsx';
import { Subscripts, Sym, Symbols } from '../kit/symbols.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { gridOfRun } from '../ui/strip/run-modules.tsx';
import { type GalleryEntry, StatefulExample } from './entry.tsx';

interface Run {
  readonly rank: number;
  readonly error: number | null;
}
const RUNS: readonly Run[] = [
  { rank: 1, error: 0.675 },
  { rank: 8, error: 0.172 },
  { rank: 64, error: null },
];
const COLUMNS: readonly Column<Run>[] = [
  { key: 'rank', head: 'rank', cell: ({ rank }) => rank, value: ({ rank }) => rank },
  { key: 'error', head: 'error', cell: ({ error }) => error ?? '–', value: ({ error }) => error },
];

const RULES = [
  ['standard', 'α/r'],
  ['rslora', 'α/√r'],
  ['none', '1'],
] as const;
type Rule = (typeof RULES)[number][0];
const rule = (Kind: typeof Choice<Rule> | typeof Select<Rule>) => (
  <StatefulExample start={'rslora' as Rule}>
    {(value, set) => <Kind aria-label="Scaling" options={RULES} value={value} onChange={set} />}
  </StatefulExample>
);

const slider = (ticks: readonly number[], mark: number | null = null) => (
  <StatefulExample start={0.75}>
    {(value, set) => (
      <SliderControl
        {...{ label: 'Weight', track: evenTrack(0, 2, 0.25, ticks), text: String(value), value, mark }}
        onValue={set}
      />
    )}
  </StatefulExample>
);

function grid(beside: (index: number) => GridCell['beside'], more: Partial<GridScene> = {}): GridScene {
  const columns = ['q', 'k', 'v', 'out', 'gate', 'fc1'].map((text) => ({ text, share: 1 / 6 }));
  const cell = (index: number): GridCell | null =>
    index % 11 === 5
      ? null
      : {
          ...{ index, text: String(index % 16), tint: (index % 5) / 4, beside: beside(index) },
          ...{ flagged: index % 7 === 0, bad: false, words: '' },
        };
  return {
    ...{ columns, hue: 'dw', most: 3, widest: '16', lit: null },
    rows: Array.from({ length: 8 }, (_, i) => ({ text: `layer ${i}`, share: 1 / 8 })),
    groups: [
      { text: 'attention', from: 0, to: 4 },
      { text: 'mlp', from: 4, to: 6 },
    ],
    cells: Array.from({ length: 48 }, (_, index) => cell(index)),
    ...more,
  };
}
const GRIDS = {
  spectra: grid(() => ({ bars: [3, 2, 1, 0.4, 0.1], kept: null })),
  cut: grid((index) => ({ bars: [3, 2, 1, 0.4, 0.1], kept: index % 6 })),
  'two files': grid(() => ({ rows: 4, cols: 4, values: Array.from({ length: 16 }, (_, i) => i / 15) }), { hue: 'dwt' }),
  dimmed: grid(() => null, { lit: new Set([3, 8, 20]) }),
  'a live run': gridOfRun(
    ['in', 'hidden', 'out'],
    [[3, 1], [2, 1.5, 1], [1]].map((sigma) => ({ spectrum: Float64Array.from(sigma) })),
  ),
};

/** A chessboard of 4 × 6. */
const BOARD: Pixels = {
  rows: 4,
  cols: 6,
  paint: (into) => {
    for (let i = 0; i < 24; i++) {
      const tone = (i + Math.floor(i / 6)) % 2 === 0 ? 60 : 200;
      into.set([tone, tone, tone, 255], 4 * i);
    }
  },
};
const ENLARGED = { width: 120, height: 80, imageRendering: 'pixelated' } as const;

const SPOKEN = {
  corner: 'Layer',
  rows: ['layer 1', 'layer 2'],
  columns: ['q', 'k', 'v'],
  words: ([row, column]: CellPlace) => `layer ${row + 1}, ${'qkv'[column]}: rank ${8 * (row + column + 1)}`,
};
const walk = (chosen: CellPlace | null) => (
  <StatefulExample start={null as CellPlace | null}>
    {(at, set) => (
      <GridPicture {...{ spoken: SPOKEN, at, chosen, page: 2, onWalk: set }} aria-label="Modules, coloured by rank">
        <output>{at ? SPOKEN.words(at) : 'Arrow keys walk here.'}</output>
      </GridPicture>
    )}
  </StatefulExample>
);

interface Powers {
  readonly pointed: number | null;
}
/** Bars of 1, ½, ¼ …, read one by one. */
const POWERS: ReadableChart<Powers> = {
  name: 'powers',
  title: 'Powers of ½',
  help: () => 'each bar is half of the one before',
  draw: (svg, { pointed }, { width, height }) => {
    const bars = Array.from({ length: 6 }, (_, i) => {
      const bar = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      const [x, tall] = [(i * width) / 6, height / 2 ** i];
      for (const [key, value] of Object.entries({ x, y: height - tall, width: width / 7, height: tall }))
        bar.setAttribute(key, String(value));
      bar.style.opacity = i + 1 === pointed ? '1' : '0.5';
      return bar;
    });
    svg.replaceChildren(...bars);
  },
  describe: () => 'Six bars, each half as high as the one before.',
  places: ({ pointed }) => ({ first: 1, last: 6, start: 1, at: pointed }),
  locate: (_scene, { width }, x) => Math.min(6, Math.max(1, Math.ceil((6 * x) / width))),
  readout: (_scene, at) => `bar ${at}: ${0.5 ** (at - 1)}`,
};
const NOTICE = { body: 'The first settings count.', acts: [], onDismiss: () => {} };

/** Components of src/kit/, each with its states by name. A new one needs an entry here. */
const KIT: Readonly<Record<string, GalleryEntry['states']>> = {
  Button: () => ({
    usual: <Button>Draw again</Button>,
    main: <Button className="btn main">Train</Button>,
    LinkButton: <LinkButton>Hint</LinkButton>,
  }),
  Choice: () => ({ Choice: rule(Choice), Radios: rule(Radios), Select: rule(Select) }),
  DataTable: () => ({
    usual: <DataTable columns={COLUMNS} rows={RUNS} caption="Three runs" />,
    sorted: (
      <StatefulExample start={{ key: 'error', down: true }}>
        {(sort, onSort) => (
          <DataTable columns={COLUMNS} rows={sortRows(RUNS, COLUMNS, sort)} sort={sort} onSort={onSort} />
        )}
      </StatefulExample>
    ),
    empty: <DataTable columns={COLUMNS} rows={[]} />,
  }),
  Figure: () => ({
    plain: (
      <Figure title="A figure" help="what it shows, with its unit">
        <p className="plot">its picture</p>
      </Figure>
    ),
    'its values are read': (
      <ReadFigure chart={POWERS} scene={{ pointed: null }} title={POWERS.title} help={POWERS.help({ pointed: null })} />
    ),
  }),
  Formula: () => ({
    optimiser: <Formula>m ← 0.9·m + 0.1·g, θ ← θ − lr·m̂/(√v̂ + 10⁻⁸)</Formula>,
    product: <Formula>ΔW = s·B·A</Formula>,
  }),
  GridPicture: () => ({ usual: walk(null), 'one is chosen': walk([1, 2]) }),
  Heatmap: () => ({
    usual: <Heatmap pixels={BOARD} style={ENLARGED} role="img" aria-label="Chessboard" />,
    blank: <Heatmap pixels={null} style={{ ...ENLARGED, outline: '1px solid' }} role="img" aria-label="Blank" />,
  }),
  ModuleGrid: () =>
    Object.fromEntries(
      Object.entries(GRIDS).map(([state, scene]) => [
        state,
        <StatefulExample key={state} start={8 as number | null}>
          {(chosen, set) => (
            <div style={{ display: 'flex', height: 320 }}>
              <ModuleGrid {...{ scene, chosen, onChoose: set }} label="Modules" caption={['number and tint: rank']} />
            </div>
          )}
        </StatefulExample>,
      ]),
    ),
  MatrixFigure: () => ({
    usual: <MatrixFigure pixels={BOARD} across={120} down={80} head={<p>B</p>} caption={<p>4 × 6 numbers</p>} />,
    'one above another, and words over it': (
      <MatrixFigure
        {...{ pixels: BOARD, across: 120, down: 80 }}
        head={<MatrixFigure pixels={BOARD} across={120} down={20} head={<p>A</p>} />}
      >
        <b>over the matrix</b>
      </MatrixFigure>
    ),
  }),
  Check: () => ({
    usual: (
      <StatefulExample start={true}>
        {(checked, set) => (
          <Check {...{ checked }} onChange={set}>
            Train at once
          </Check>
        )}
      </StatefulExample>
    ),
  }),
  Menu: () => ({
    usual: (
      <Menu label="Export">
        <button type="button">Run (JSON)</button>
        <button type="button" disabled>
          Sweep (JSON)
        </button>
      </Menu>
    ),
  }),
  NoticeLines: () => ({
    plain: <NoticeLines notices={[{ ...NOTICE, id: 1, tone: 'plain', title: 'A key is given twice.' }]} />,
    bad: (
      <NoticeLines
        notices={[
          {
            ...NOTICE,
            id: 2,
            tone: 'bad',
            title: 'The run diverged.',
            acts: [{ label: 'Use a lower rate', onPress: () => {} }],
          },
        ]}
      />
    ),
  }),
  NumberField: () => ({
    usual: (
      <StatefulExample start={12}>
        {(value, set) => <NumberField aria-label="Rank" value={value} read={numberReader(1, 64)} onValue={set} />}
      </StatefulExample>
    ),
  }),
  SliderControl: () => ({
    'with ticks': slider([0, 1, 2]),
    'without ticks': slider([]),
    'with a mark': slider([0, 1, 2], 1.3),
    unknown: <SliderControl label="Weight" text="…" track={evenTrack(0, 2, 0.25)} value={null} onValue={() => {}} />,
  }),
  Symbols: () => ({
    Sym: ['A', 'B', 'ΔW', 'ΔW*', 'W₀', 'α'].map((of) => <Sym key={of} of={of} />),
    Typeset: <Symbols>Initialisation of A and B, rank r</Symbols>,
    Lowered: <Subscripts>W_frozen is W₀ if A = 0, and ‖E‖_F is its error</Subscripts>,
  }),
  Tabs: () => ({
    usual: (
      <StatefulExample start="spectrum">
        {(shown, onShow) => (
          <Tabs
            {...{ panel: 'gallery-panel', shown, onShow }}
            tabs={[
              ['spectrum', 'Spectrum'],
              ['error', 'Error'],
              ['ranks', 'Effective rank'],
            ]}
          />
        )}
      </StatefulExample>
    ),
  }),
};

export const KIT_ENTRIES: readonly GalleryEntry[] = Object.entries(KIT).map(([name, states]) => ({
  group: 'kit',
  name,
  states,
}));
