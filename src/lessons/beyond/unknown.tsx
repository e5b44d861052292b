import { type CSSProperties, useMemo } from 'react';
import { number, percent } from '../../experiment/numbers.ts';
import { Figure, Plot } from '../../kit/figure.tsx';
import { Subscripts } from '../../kit/symbols.tsx';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { curvesDrawing } from '../charts/curves/curves.ts';
import { Pick } from '../figures/figures.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { MatrixPicture, once, spectrumScene } from './figures.tsx';
import {
  MEASURE_NAMES,
  MEASURES,
  type MeasureName,
  matricesOf,
  sharesOf,
  UNKNOWN,
  UNKNOWN_SEED,
  type UnknownName,
} from './updates.ts';
import { ASKED } from './values.ts';

const measured = once((name: UnknownName) => {
  const { update } = matricesOf(UNKNOWN[name], UNKNOWN_SEED);
  return { update, shares: sharesOf(name), sigma: singularValues(update) };
});

/** An update without its name: picture, spectrum, and how much of its energy each adapter could write. */
export function UnknownUpdate() {
  const [name] = useLessonValue(ASKED);
  const { update, shares, sigma } = measured(name);
  const scene = useMemo(() => spectrumScene(sigma), [sigma]);
  return (
    <section className="of-beyond unknown" aria-label="An update without its name">
      <Pick label="Update" of={ASKED} options={{ P: 'P', Q: 'Q', R: 'R', S: 'S' }} />
      <div className="both">
        <MatrixPicture matrix={update} of="target" name={`Update ${name}`} />
        <Figure title="Its singular values" help="over the largest">
          <Plot chart={curvesDrawing} scene={scene} />
        </Figure>
      </div>
      <h3>Share of its energy</h3>
      <ul className="shares">
        {MEASURE_NAMES.map((one: MeasureName) => (
          <li key={one}>
            <span>
              <Subscripts>{MEASURES[one]}</Subscripts>
            </span>
            <span
              className="track"
              style={{ '--share': `${100 * shares[one]}%` } as CSSProperties}
              aria-hidden="true"
            />
            <span className="value">{(100 * shares[one]).toFixed(1)}%</span>
          </li>
        ))}
      </ul>
      <p className="note">
        Computed here from ΔW* and <Subscripts>W₀</Subscripts>, 64 × 64.
      </p>
    </section>
  );
}

/** What LoRA would leave of the update on screen. */
export function UnknownReply() {
  const [name] = useLessonValue(ASKED);
  const { lora } = measured(name).shares;
  return (
    <>
      {name}: eight directions hold {percent(lora)} of its energy. LoRA would leave an error of{' '}
      {number(Math.sqrt(1 - lora), 2)}.
    </>
  );
}
