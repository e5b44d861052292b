import { leadingColumns, leadingRows } from '../../math/matrix.ts';
import { thinQr } from '../factorisations.ts';
import { fullSize, offeredWhere } from './conditions.ts';
import { initialisation, variance } from './initialisation.ts';

/** With W₀ = Q·R the adapter holds s·Q_r·R_r, not Q_r·R_r: the factors are not divided by s (as in PEFT). */
export const olora = initialisation({
  name: 'olora',
  label: 'OLoRA',
  explanation:
    'B holds the first r columns of Q and A the first r rows of R in W₀ = QR; s·BA is subtracted from the frozen weight. The layer starts unchanged.',
  source: 'OLoRA, arXiv 2406.01775',
  variance: ({ d }) => ({
    A: 'the first r rows of R in W₀ = QR, not random',
    B: `orthonormal columns of Q, ${variance('1/d', 1 / d)}`,
  }),
  filling: { A: 'ordered', B: 'ordered' },
  params: [],
  needs: ['base'],
  moves: true,
  ...offeredWhere('OLoRA', fullSize),
  draw({ rank, base }) {
    const { Q, R } = thinQr(base);
    return { A: leadingRows(R, rank), B: leadingColumns(Q, rank) };
  },
});
