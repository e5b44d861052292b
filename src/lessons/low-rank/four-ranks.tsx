import '../figures/figures.css';
import { number } from '../../experiment/numbers.ts';
import { Formula } from '../../kit/formula/formula.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { SliderControl } from '../../kit/slider.tsx';
import { evenTrack } from '../../kit/track.ts';
import { type EffectiveRankKind, effectiveRank } from '../../math/spectral/spectra.ts';
import { lessonValue, useLessonValue } from '../pane/values.tsx';

export const DECAY = lessonValue('decay', 0.7);
const VALUES = 8;
const SHARES = evenTrack(0, 1, 0.05);

export const decayingValues = (decay: number): Float64Array =>
  Float64Array.from({ length: VALUES }, (_, i) => decay ** i);

const KINDS: readonly (readonly [EffectiveRankKind, string, string])[] = [
  ['entropy', 'entropy of σ', 'exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ/Σσ'],
  ['entropy-squared', 'entropy of σ²', 'exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ²/Σσ²'],
  ['participation', 'participation ratio', '(Σσ²)²/Σσ⁴'],
  ['stable', 'stable rank', 'Σσ²/σ₁²'],
];

/** Four definitions of the effective rank on one spectrum that the reader shapes. */
export function FourRanks() {
  const [decay, setDecay] = useLessonValue(DECAY);
  const sigma = decayingValues(decay);
  const total = sigma.reduce((sum, s) => sum + s, 0);
  return (
    <section className="of-low-rank four" aria-label="Effective rank, four definitions">
      <h2>Eight singular values, and four ways to count them</h2>
      <SliderControl
        label="Each singular value is so much of the one before"
        text={decay.toFixed(2)}
        track={SHARES}
        value={decay}
        onValue={setDecay}
      />
      <svg
        viewBox="0 0 640 190"
        role="img"
        aria-label={`Singular values: ${Array.from(sigma, (s) => number(s, 2)).join(', ')}`}
      >
        <path className="rule-line" d="M10 160.5H630" />
        {Array.from(sigma, (s, i) => (
          <g key={i}>
            <rect className="dw fill" x={20 + 78 * i} y={160 - 140 * s} width={48} height={Math.max(0.5, 140 * s)} />
            <text x={44 + 78 * i} y={154 - 140 * s} textAnchor="middle">
              {number(s, 2)}
            </text>
            <text className="pale" x={44 + 78 * i} y={180} textAnchor="middle">
              p {(s / total).toFixed(2)}
            </text>
          </g>
        ))}
      </svg>
      <DataTable
        className="numbers"
        rows={KINDS}
        columns={[
          { key: 'definition', head: 'definition', cell: ([, name]) => name },
          { key: 'formula', head: 'formula', cell: ([, , formula]) => <Formula>{formula}</Formula> },
          {
            key: 'value',
            head: 'of these eight',
            className: 'number',
            cell: ([kind]) => effectiveRank(sigma, kind).toFixed(2),
          },
        ]}
      />
    </section>
  );
}
