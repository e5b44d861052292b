type MatrixShape = readonly [rows: number, cols: number];

/** A line of a derivation; its shapes as one sum of products. */
export interface DerivationLine {
  readonly formula: string;
  readonly why: string;
  readonly made: MatrixShape;
  readonly terms: readonly (readonly MatrixShape[])[];
}

const [D, K, R] = [16, 16, 4];
const ONE: MatrixShape = [1, 1];

/** Of the layer on screen: 16 inputs, 16 outputs, rank 4. */
export const OF_B: readonly DerivationLine[] = [
  {
    formula: 'h = W₀·x + s·B·z',
    why: 'the forward pass',
    made: [D, 1],
    terms: [
      [
        [D, K],
        [K, 1],
      ],
      [
        [D, R],
        [R, 1],
      ],
    ],
  },
  {
    formula: '∂hᵢ/∂Bᵢⱼ = s·zⱼ',
    why: 'an entry in row i is in output i alone',
    made: ONE,
    terms: [[ONE]],
  },
  {
    formula: '∂L/∂Bᵢⱼ = δᵢ·(s·zⱼ)',
    why: 'the chain rule, with δᵢ = ∂L/∂hᵢ',
    made: ONE,
    terms: [[ONE, ONE]],
  },
  {
    formula: '∂L/∂B = s·δ·zᵀ',
    why: 'all entries at once',
    made: [D, R],
    terms: [
      [
        [D, 1],
        [1, R],
      ],
    ],
  },
];

export const OF_A: readonly DerivationLine[] = [
  {
    formula: 'z = A·x',
    why: 'the forward pass',
    made: [R, 1],
    terms: [
      [
        [R, K],
        [K, 1],
      ],
    ],
  },
  {
    formula: '∂L/∂z = s·Bᵀ·δ',
    why: 'every output hears channel j, output i with the weight s·Bᵢⱼ',
    made: [R, 1],
    terms: [
      [
        [R, D],
        [D, 1],
      ],
    ],
  },
  {
    formula: '∂zⱼ/∂Aⱼₙ = xₙ',
    why: 'an entry in row j is in channel j alone',
    made: ONE,
    terms: [[ONE]],
  },
  {
    formula: '∂L/∂A = s·(Bᵀ·δ)·xᵀ',
    why: 'the chain rule, all entries at once',
    made: [R, K],
    terms: [
      [
        [R, D],
        [D, 1],
        [1, K],
      ],
    ],
  },
];

const written = ([rows, cols]: MatrixShape) => `${rows} × ${cols}`;

/** "16 × 4 = (16 × 1)(1 × 4)". */
export function shapesOf({ made, terms }: DerivationLine): string {
  const sums = terms.map((shapes) =>
    shapes.length === 1 ? written(shapes[0]) : shapes.map((shape) => `(${written(shape)})`).join(''),
  );
  return `${written(made)} = ${sums.join(' + ')}`;
}
