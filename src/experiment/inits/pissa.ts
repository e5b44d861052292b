import { leadingOnly, nearly, offeredWhere } from './conditions.ts';
import { handed, initialisation } from './initialisation.ts';
import { balancedFactors } from './triplets.ts';

export const pissa = initialisation({
  name: 'pissa',
  label: 'PiSSA',
  explanation:
    'A and B take over the r largest singular triplets of W₀, and the layer starts unchanged. Fast with SGD if ΔW* lies along them, stuck above its floor if it does not.',
  source: 'PiSSA, arXiv 2404.02948',
  variance: (c) => ({ A: `√(Sᵣ/s)·Vᵣᵀ of W₀’s SVD, not random${c.exactBase ? '' : nearly(c)}`, B: 'Uᵣ·√(Sᵣ/s)' }),
  filling: { A: 'ordered', B: 'ordered' },
  params: [],
  needs: ['base'],
  moves: true,
  ...offeredWhere('PiSSA', leadingOnly(1)),
  draw: ({ rank, scaling, leadingBase }) => balancedFactors(handed(leadingBase, 'leadingBase')(rank), scaling),
});
