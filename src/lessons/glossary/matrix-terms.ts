import type { Meanings } from './meaning.ts';

export const MATRIX_TERMS = {
  channel: {
    lesson: 'by-hand',
    plain: 'One of the r numbers between A and B. All that B learns of an input comes through them.',
    algebra: 'An entry zⱼ of z = A·x: row j of A makes it, column j of B carries it to the outputs.',
    lora: 'Coordinate j of the bottleneck: row j of A reads it, column j of B writes it.',
  },
  'column space': {
    also: ['col(B)', 'range', 'image', 'span'],
    lesson: 'rank',
    plain: 'All the outputs that a matrix can produce. With two columns they lie on a plane, whatever the input is.',
    algebra: 'The span of the columns. Every output B·z is a combination of the columns of B.',
    lora: 'col(B): whatever the input, s·B·A·x lies in it. B says where the output can move.',
  },
  'condition number': {
    also: ['ill-conditioned'],
    plain: 'How much more the inputs vary in their strongest direction than in their weakest. 1 means equally in all.',
    algebra: 'The largest singular value divided by the smallest. Here it is that of the inputs’ covariance.',
    lora: 'That of the inputs’ covariance C. A high one slows SGD along the weak directions and lets data-aware starts help.',
  },
  direction: {
    also: ['pattern', 'rank-one term', 'component'],
    lesson: 'what-is-lora',
    plain:
      'One of the simple patterns that a matrix is the sum of: the same row again and again, stronger in some places.',
    algebra: 'One term σᵢuᵢvᵢᵀ of the singular value decomposition.',
    lora: 'One term σᵢuᵢvᵢᵀ of ΔW. LoRA with rank r has at most r of them.',
  },
  'Eckart–Young': {
    also: ['Eckart-Young', 'Eckart and Young', 'Eckart–Young–Mirsky', 'best approximation'],
    lesson: 'rank',
    plain:
      'A theorem: to copy a matrix with few patterns, keep its strongest ones. No other choice gets closer at that rank.',
    algebra:
      'The best rank-r approximation in the Frobenius norm keeps the r largest singular triplets; its squared error is Σ σᵢ² over the rest.',
    lora: 'It gives the floor: no ΔW of rank r is closer to ΔW* than the first r singular triplets of ΔW*.',
  },
  'effective rank': {
    also: ['entropy rank', 'erank'],
    lesson: 'low-rank',
    plain:
      'How many patterns really carry weight. Three strong patterns and five faint ones count as a little more than three.',
    algebra: 'exp(−Σ pᵢ ln pᵢ) with pᵢ = σᵢ/Σσ: the number of equally strong directions with the same entropy.',
    lora: 'The exponential of the entropy of σᵢ/Σσ (Roy & Vetterli 2007). In a trained adapter it is at most r, often clearly less.',
  },
  energy: {
    also: ['energy kept', 'explained variance'],
    lesson: 'rank',
    plain:
      'The share of a matrix that some of its patterns make up, counted with squares: all patterns together are 100%.',
    algebra: 'Σ σᵢ² over the directions that are kept, divided by Σ σᵢ² over all of them.',
    lora: 'Share of ‖ΔW‖²_F in the leading i directions. Cutting to rank i leaves a relative error of √(1 − energy kept).',
  },
  floor: {
    also: ['best possible', 'lower bound'],
    lesson: 'rank',
    plain: 'The smallest error that is possible at a rank. Longer training can come close to it but not below it.',
    algebra: '√(Σ σⱼ² over j > r) / ‖ΔW*‖_F: the error of the best rank-r approximation of the target.',
    lora: 'The Eckart–Young bound at r. Starts that take over part of W₀ have a floor of their own, and so has MiCA.',
  },
  'Frobenius norm': {
    also: ['‖·‖_F', 'norm', 'size of a matrix'],
    lesson: 'rank',
    plain: 'The size of a matrix: square all its numbers, add them up, take the root.',
    algebra: '‖M‖_F = √(Σ mᵢⱼ²) = √(Σ σᵢ²).',
    lora: 'The norm behind loss and error here: L = ½‖ΔW − ΔW*‖²_F; the relative error divides by ‖ΔW*‖_F.',
  },
  'full rank': {
    lesson: 'rank',
    plain: 'A matrix that needs as many patterns as it has rows or columns, whichever are fewer.',
    algebra: 'rank = min(d, k).',
    lora: 'r = min(d, k): then every ΔW is within reach, but B and A hold more numbers than W₀.',
  },
  'low-rank': {
    also: ['low rank'],
    lesson: 'what-is-lora',
    plain: 'Made of few patterns, and so described by few numbers.',
    algebra: 'Of a rank far below min(d, k), exactly or nearly: most singular values are zero or small.',
    lora: 'The assumption about ΔW on which LoRA rests: few directions hold nearly all of its energy.',
  },
  'null space': {
    also: ['kernel'],
    plain: 'The inputs that a matrix turns into zero. Inputs that differ only by one of these look the same to it.',
    algebra: 'All x with A·x = 0. It has k − r dimensions where A has r independent rows.',
    lora: 'null(A): changes of the input that the adapter cannot see. A says what of the input counts.',
  },
  'numerical rank': {
    plain: 'How many patterns are stronger than the rounding errors of the computer.',
    algebra: 'How many σᵢ exceed σ₁·max(d, k)·2⁻²³, the rounding of float32.',
    lora: 'σᵢ above σ₁·max(d, k)·2⁻²³. A faint direction counts as much as a strong one.',
  },
  'outer product': {
    also: ['column times row', 'rank-one matrix'],
    lesson: 'rank',
    plain: 'A column times a row: it fills a whole matrix with one simple pattern, like a tartan.',
    algebra: 'u·vᵀ: entry (i, j) is uᵢ·vⱼ. Its rank is 1.',
    lora: 'B·A is the sum of r outer products: column i of B times row i of A.',
  },
  'participation ratio': {
    also: ['participation'],
    lesson: 'low-rank',
    plain: 'Another way to count the patterns that matter. It pays more attention to the strongest ones.',
    algebra: '(Σ σᵢ²)² / Σ σᵢ⁴: n for n equal directions.',
    lora: '(Σσ²)²/Σσ⁴, a rival of the effective rank. It lies between the stable rank and the entropy of σ.',
  },
  rank: {
    also: ['r'],
    lesson: 'rank',
    plain: 'How many simple patterns a matrix is the sum of. In LoRA: the number of columns of B and of rows of A.',
    algebra: 'The dimension of the column space. B·A has rank at most r, the number of columns of B.',
    lora: 'r, the inner dimension of B·A: the most directions that ΔW can have, and r(d + k) parameters to train.',
  },
  'relative error': {
    also: ['error'],
    lesson: 'what-is-lora',
    plain: 'How far ΔW is from its target: 1 means that nothing has been learned, 0 that nothing is missing.',
    algebra: '‖ΔW − ΔW*‖_F / ‖ΔW*‖_F.',
    lora: '‖ΔW − ΔW*‖_F / ‖ΔW*‖_F, 1 at a zero start, and never below the floor of the rank.',
  },
  'singular value': {
    also: ['σ', 'singular values', 'SVD'],
    lesson: 'rank',
    plain:
      'How strong a pattern of a matrix is: how far it stretches the input that fits the pattern. The largest comes first.',
    algebra: 'The square roots of the eigenvalues of MᵀM, in falling order; M = Σ σᵢuᵢvᵢᵀ.',
    lora: 'The σᵢ of ΔW = s·B·A. At most r of them are not zero; the charts show them on a log scale.',
  },
  'singular vector': {
    also: ['u', 'v', 'singular vectors'],
    lesson: 'rank',
    plain: 'The two halves of a pattern: the row that is repeated (v), and how strongly each line repeats it (u).',
    algebra: 'In M = Σ σᵢuᵢvᵢᵀ: orthonormal inputs vᵢ (right) and outputs uᵢ (left), with M·vᵢ = σᵢuᵢ.',
    lora: 'vᵢ: what of the input counts for direction i of ΔW; uᵢ: where the output moves.',
  },
  spectrum: {
    also: ['singular value spectrum', 'fast decay', 'flat'],
    lesson: 'rank',
    plain: 'The strengths of all patterns, sorted. If they fall fast, a few patterns are nearly everything.',
    algebra: 'The singular values in falling order.',
    lora: 'The σᵢ of ΔW beside those of ΔW*. A fast decay means a low floor at a small r; a flat one means none.',
  },
  'stable rank': {
    lesson: 'low-rank',
    plain: 'How many times the strongest pattern would be needed to make up the whole energy.',
    algebra: '‖M‖²_F / σ₁²: the total energy divided by that of the strongest direction.',
    lora: '‖ΔW‖²_F/σ₁², the most cautious of the rivals: a single strong direction pulls it towards 1.',
  },
  'subspace match': {
    also: ['alignment', 'subspace alignment', 'overlap'],
    plain: 'Whether two matrices use the same directions: 1 means the same ones, 0 entirely different ones.',
    algebra: '‖UᵀÛ‖²_F / i for the leading i singular vectors of both: the mean squared cosine between the subspaces.',
    lora: 'How much of the target’s leading left (or right) subspace the run has found. Undefined where two σ are equal.',
  },
} satisfies Meanings;
