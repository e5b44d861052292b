import { useId, useMemo, useState } from 'react';
import { count, number } from '../../../experiment/numbers.ts';
import { LinkButton } from '../../../kit/button.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Tabs } from '../../../kit/tabs.tsx';
import { keptPercent } from '../../charts/energy/file-energy.ts';
import { moduleTitle } from '../../charts/grid/arrange.ts';
import { spectrumScene } from '../../charts/module/module-scene.ts';
import type { DifferenceFigures, DifferenceSpectrum } from '../../file/checkpoints/difference-figures.ts';
import { tensorObstacle } from '../../state/lab-module.ts';
import type { ModelsState } from '../../state/models-state.ts';
import type { ComparedTensor } from '../../worker/protocol.ts';
import { EventButton } from '../context.tsx';
import { CHARTS, ModuleFigure, ModuleName, Steps } from '../overview/module-panel.tsx';
import { type NumberLine, NumberTable } from '../overview/number-table.tsx';
import { StartButton } from '../progress.tsx';
import { layerOf } from './models-grid.ts';

interface TensorProps {
  readonly models: ModelsState;
  readonly onStep: (by: 1 | -1) => void;
  /** On a phone: back to the grid. */
  readonly onBack?: () => void;
}

/** The chosen matrix: its norms, its spectrum, and the error of a cut. */
export function TensorPanel({ models, onStep, onBack }: TensorProps) {
  const id = useId();
  const [tab, setTab] = useState(0);
  const phone = useWidth() === 'phone';
  const { matched, figures, chosen, counting } = models;
  const tensor = matched?.pairs[chosen];
  const of = figures[chosen] ?? null;
  const counted = matched?.pairs[counting ?? -1];
  const scene = useMemo(() => (of?.spectrum ? spectrumScene(of.spectrum, of.norm) : null), [of]);
  if (!tensor) return null;
  const obstacle = tensorObstacle(tensor, of);
  return (
    <section className={phone ? 'adapter-module phone' : 'adapter-module'} aria-label="Tensor" tabIndex={-1}>
      {onBack && (
        <LinkButton className="link back" onClick={onBack}>
          ← All tensors
        </LinkButton>
      )}
      <div className="ends module-title">
        <h2>{moduleTitle(layerOf(tensor))}</h2>
        <Steps className={phone ? 'btn' : 'link'} what="tensor" onStep={onStep} />
      </div>
      <ModuleName module={tensor} />
      <p className="note">{noteOf(tensor, of)}</p>
      {of && Number.isFinite(of.norm) && (
        <div className="row space-above factors">
          <NumberTable lines={linesOf(of)} />
        </div>
      )}
      {tensor.canCountIntruders && of?.spectrum && of.spectrum.intruders === null && (
        <p className="acts">
          <StartButton
            disabled={models.reading !== null}
            event={{ type: 'models-intruders', pair: chosen }}
            going={counted ? `Counting intruders of ${moduleTitle(layerOf(counted))} …` : null}
          >
            Count intruder dimensions
          </StartButton>
          {!counted && <span className="note">{countingTakes(tensor)}</span>}
        </p>
      )}
      {scene && !phone && (
        <div className="pair">
          {CHARTS.map((chart) => (
            <ModuleFigure key={chart.name} chart={chart} scene={scene} of="ΔW" />
          ))}
        </div>
      )}
      {scene && phone && (
        <>
          <Tabs
            aria-label="Charts of this tensor"
            panel={id}
            tabs={CHARTS.map(({ short }, i) => [i, short])}
            shown={tab}
            onShow={setTab}
          />
          <div role="tabpanel" id={id} aria-labelledby={`${id}-${tab}`}>
            <ModuleFigure chart={CHARTS[tab]} scene={scene} of="ΔW" />
          </div>
        </>
      )}
      <div className="row space-above">
        <EventButton className="btn main" disabled={obstacle !== null} event={{ type: 'models-lab' }}>
          Open in the Lab
        </EventButton>
        <span className="muted">{obstacle ?? 'its ΔW becomes the target; W₀ is the base’s'}</span>
      </div>
    </section>
  );
}

function noteOf({ shape, dtypes: [base, fine] }: ComparedTensor, of: DifferenceFigures | null): string {
  const types = base === fine ? base : `${base} and ${fine}`;
  const said = `${shape.map(count).join(' × ')}, ${types}`;
  if (!of) return `${said}; not measured yet.`;
  const { spectrum } = of;
  const leading = spectrum?.bounds
    ? `; σ are the leading ${count(spectrum.sigma.length)}, never above the true ones and below by at most the bound (with probability 1 − 10⁻⁶)`
    : '';
  return `${said}${CHANGES[of.change]}${leading}${of.odd === null ? '' : `: ${of.odd}`}`;
}

const CHANGES: Readonly<Record<DifferenceFigures['change'], string>> = {
  'same bits': '; unchanged, bit for bit',
  'same values': '; the same numbers in other bits',
  rounded: '; changed by the rounding to another type alone',
  changed: '',
  'not finite': '; not measured',
};

/** Longest of a large square one. */
const countingTakes = ({ matrix }: ComparedTensor) =>
  `not counted; takes longer than all else here${matrix && Math.min(matrix.d, matrix.k) > 2048 ? ', half a minute or so' : ''}`;

const intrudersOf = ({ count: found }: NonNullable<DifferenceSpectrum['intruders']>) =>
  found === null ? 'not told apart' : count(found);

function linesOf({ norm, baseNorm, spectrum }: DifferenceFigures): readonly NumberLine[] {
  const norms = [
    { name: '‖ΔW‖, Frobenius', value: number(norm) },
    { name: '‖W₀‖', value: number(baseNorm) },
    { name: '‖ΔW‖/‖W₀‖', value: baseNorm > 0 ? `${number((100 * norm) / baseNorm)}%` : '–' },
  ];
  if (!spectrum || !(spectrum.sigma[0] > 0)) return norms;
  const { sigma, bounds, rank90, rank95, rank99, stableRank, effectiveRank, intruders } = spectrum;
  const needed = (rank: number | null) => (rank === null ? `> ${count(sigma.length)}` : count(rank));
  const more = bounds ? bounds.upper[0] / sigma[0] - 1 : 0;
  return [
    ...norms,
    { name: 'σ₁', value: number(sigma[0]) },
    ...(bounds ? [{ name: 'more by at most', value: `${number(100 * more, 2)}%` }] : []),
    { name: 'energy in σ₁', value: keptPercent(Math.min(1, (sigma[0] / norm) ** 2)) },
    { name: 'rank for 90, 95, 99%', value: [rank90, rank95, rank99].map(needed).join(', ') },
    { name: 'stable rank', value: stableRank.toFixed(2) },
    ...(effectiveRank === null ? [] : [{ name: 'effective rank (entropy of σ)', value: effectiveRank.toFixed(2) }]),
    ...(intruders ? [{ name: `intruders among the leading ${intruders.top}`, value: intrudersOf(intruders) }] : []),
  ];
}
