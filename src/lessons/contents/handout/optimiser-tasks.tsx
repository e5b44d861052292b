import { DW, i, prose } from '../../pane/prose.tsx';
import { blank, Grid, type PaperTasks, table } from './paper.tsx';

/** Its rows are at right angles: U = I, and the rows of Vᵀ are its rows, each divided by its length. */
const GRADIENT = [
  [3, 3],
  [1, -1],
] as const;
const RATE = 0.1;
type GridRows = readonly (readonly number[])[];

const step = (of: (g: number, row: readonly number[]) => number): GridRows =>
  GRADIENT.map((row) => row.map((g) => -RATE * of(g, row)));
const STEPS: readonly (readonly [name: string, rows: GridRows])[] = [
  ['SGD', step((g) => g)],
  ['signSGD', step((g) => Math.sign(g))],
  ['Muon', step((g, row) => g / Math.hypot(...row))],
];
const lengths = (rows: GridRows) => rows.map((row) => Math.hypot(...row).toFixed(3));

/** Steps to ΔW of each of four directions: alike under Muon, in proportion to 1/σ under gradient descent. */
const SIGMA = [4, 2, 1, 0.5];
const [MUON_STEP, FIRST_ARRIVAL] = [0.25, 10];

export const optimisers: PaperTasks = {
  tasks: [
    {
      title: 'One gradient, three steps',
      Task: (
        <>
          {prose`The rate is ${RATE}. Write the step of each rule. signSGD takes the signs. Muon makes every singular value 1;
            the rows of this gradient are at right angles, so divide each row by its length.`}
          <div className="grids">
            <Grid name={i`G`} rows={GRADIENT} />
            {STEPS.map(([name, rows]) => (
              <Grid key={name} name={name} rows={rows} blank />
            ))}
          </div>
          {prose`The singular values of a step are the lengths of its two rows here.`}
          {table(
            ['', 'SGD', 'signSGD', 'Muon'],
            ['first row', 'second row'].map((head, row) => ({
              head,
              cells: STEPS.map(([, rows]) => blank(lengths(rows)[row])),
            })),
          )}
          {prose`Now the gradient becomes 100 times smaller. The step of ${blank('SGD')} becomes 100 times shorter; those of
            ${blank('signSGD')} and ${blank('Muon')} stay.`}
        </>
      ),
    },
    {
      title: 'Who arrives first?',
      Task: (
        <>
          {prose`${DW} has to reach four directions of different size. Under Muon each grows by ${MUON_STEP} a step. Under
            gradient descent one of half the size takes twice as long, and the first arrives after ${FIRST_ARRIVAL} steps.`}
          {table(
            ['size', ...SIGMA.map(String)],
            [
              ['Muon', SIGMA.map((size) => size / MUON_STEP)] as const,
              ['gradient descent', SIGMA.map((size) => (FIRST_ARRIVAL * SIGMA[0]) / size)] as const,
            ].map(([head, cells]) => ({ head, cells: cells.map(blank) })),
          )}
        </>
      ),
    },
  ],
  onThePage: ['For example 0.42: the run ends at its floor. At 0.5 it diverges.'],
};
