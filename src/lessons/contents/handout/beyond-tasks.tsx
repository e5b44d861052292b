import { count, number, percent } from '../../../experiment/numbers.ts';
import { DW, i, prose, W0 } from '../../pane/prose.tsx';
import { blank, Grid, type PaperTasks, table } from './paper.tsx';

const [SIDE, RANK, BLOCK] = [96, 4, 16];

/** Trained numbers on a matrix of SIDE × SIDE. */
const COUNTS: readonly (readonly [name: string, formula: string, numbers: number])[] = [
  ['LoRA, rank 4', 'B·A', 2 * SIDE * RANK],
  ['OFT, blocks of 16 rows', '16·15/2 angles a block', (SIDE * (BLOCK - 1)) / 2],
  ['IA³', 'one factor a row', SIDE],
  ['LoKr, C of 4 × 4', 'C ⊗ W₂', 4 * 4 + (SIDE / 4) ** 2],
  ['DoRA, rank 3', 'one length a row, and B·A', 2 * SIDE * 3 + SIDE],
];

const BASE = [
  [1, 2, 0],
  [3, -1, 1],
  [0, 2, 2],
] as const;
type MatrixRows = readonly (readonly number[])[];

/** Updates of BASE, each with the adapter that has the fewest numbers for it. */
const UPDATES: readonly (readonly [letter: string, rows: MatrixRows, adapter: string])[] = [
  ['P', BASE.map((row, n) => row.map((w) => [1, -2, 3][n] * w)), 'IA³'],
  [
    'Q',
    [
      [0, 0, 5],
      [0, 0, 0],
      [-4, 0, 0],
    ],
    'SHiRA',
  ],
  ['R', [1, 2, 3].map((b) => [2, -1, 4].map((a) => b * a)), 'LoRA'],
];

const ENTRIES = [3, -1, 1, -4, 1, 2, 0, 2];
const squares = ENTRIES.map((entry) => entry * entry);
const energy = squares.reduce((sum, square) => sum + square, 0);
const held = squares.toSorted((a, b) => b - a).slice(0, 2);
const share = (held[0] + held[1]) / energy;

export const beyond: PaperTasks = {
  tasks: [
    {
      title: 'How many numbers?',
      Task: table(
        [`on ${SIDE} × ${SIDE}`, 'made of', 'trained numbers'],
        COUNTS.map(([head, formula, numbers]) => ({ head, cells: [formula, blank(count(numbers))] })),
      ),
    },
    {
      title: 'Which adapter writes it?',
      Task: (
        <>
          {prose`Three updates of the same ${W0}. For each, which of LoRA, IA³ and SHiRA needs the fewest numbers?`}
          <div className="grids">
            <Grid name={W0} rows={BASE} />
            {UPDATES.map(([letter, rows]) => (
              <Grid key={letter} name={letter} rows={rows} />
            ))}
          </div>
          <p>
            {UPDATES.map(([letter, , adapter]) => (
              <span key={letter}>
                {letter}: {blank(adapter)}{' '}
              </span>
            ))}
          </p>
        </>
      ),
    },
    {
      title: 'Look before you choose',
      Task: prose`An update ${DW} has the entries ${ENTRIES.join(', ').replaceAll('-', '−')}. Its energy is ${blank(energy)}. Of its two
        largest entries you keep ${blank(percent(share))}, and an error of ${blank(number(Math.sqrt(1 - share), 2))} is left.
        Two of eight chosen at random keep ${blank('25%')} on average, which leaves ${blank(number(Math.sqrt(0.75), 2))},
        whatever the ${i`entries`} are.`,
    },
  ],
  onThePage: ['R: only the bar of turned rows is full. It has a high bar for SHiRA, too, but not a full one.'],
};
