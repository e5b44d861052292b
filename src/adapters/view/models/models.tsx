import './models.css';
import { type ReactNode, useMemo, useState } from 'react';
import { optionsOf } from '../../../kit/button.tsx';
import { ReadFigure } from '../../../kit/figure.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Subscripts } from '../../../kit/symbols.tsx';
import { type EnergyScene, fileEnergy } from '../../charts/energy/file-energy.ts';
import type { ModelsState } from '../../state/models-state.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { ColouredGrid } from '../overview/grid-choices.tsx';
import { useOverviewKeys } from '../overview/overview.tsx';
import { Going } from '../progress.tsx';
import { gridOfModels, MODEL_COLOURS, matrixPlaces } from './models-grid.ts';
import { type ModelsProps, ModelsRail } from './models-rail.tsx';
import { ModelsSetup } from './models-setup.tsx';
import { hypot, modelsSentence } from './models-words.ts';
import { TensorPanel } from './tensor-panel.tsx';

/** Two whole models: chosen, then measured, then cut. `notices`: of the page. */
export default function Models({ notices }: { readonly notices: ReactNode }) {
  const models = useAdapters((s) => s.models);
  const desk = useWidth() === 'desk';
  if (!models) return null;
  if (!models.matched)
    return (
      <main id="main" tabIndex={-1} className="adapters-empty">
        {notices}
        <ModelsSetup models={models} />
      </main>
    );
  return (
    <div className="adapters">
      {desk && <ModelsRail models={models} />}
      <main id="main" tabIndex={-1}>
        {desk ? (
          <div className="adapters-head">
            <Going />
          </div>
        ) : (
          <ModelsRail models={models} />
        )}
        {notices}
        {!desk && <Going />}
        <div className="grow stack adapters-panel">
          <Measured models={models} />
        </div>
      </main>
    </div>
  );
}

const COLOUR_NAMES = optionsOf(MODEL_COLOURS).map(([colour, { name }]) => [colour, name] as const);

function Measured({ models }: ModelsProps) {
  const dispatch = useAdaptersDispatch();
  const phone = useWidth() === 'phone';
  const [page, setPage] = useState(false);
  const { matched, colour, chosen } = models;
  const { order } = matrixPlaces(matched?.pairs ?? NONE);
  const { scene, caption } = useMemo(() => gridOfModels(models), [models]);
  const sentence = useMemo(() => modelsSentence(models), [models]);
  const step = (by: 1 | -1) => {
    const pair = order[(order.indexOf(chosen) + by + order.length) % order.length];
    if (pair !== undefined) dispatch({ type: 'models-choose', pair });
  };
  useOverviewKeys({
    '[': () => step(-1),
    ']': () => step(1),
    e: () => dispatch({ type: 'save', what: 'models-csv' }),
  });
  if (phone && page) return <TensorPanel models={models} onStep={step} onBack={() => setPage(false)} />;
  const sides = (
    <>
      <ColouredGrid
        colours={COLOUR_NAMES}
        colour={colour}
        onColour={(to) => dispatch({ type: 'models-colour', colour: to })}
        scene={scene}
        label={`Matrices, coloured by ${MODEL_COLOURS[colour].name}`}
        groupLabel={(group) => `Matrices, ${group}`}
        caption={caption}
        chosen={chosen}
        onChoose={(pair) => {
          dispatch({ type: 'models-choose', pair });
          if (phone) setPage(true);
        }}
      />
      <EnergyFigure models={models} />
    </>
  );
  return (
    <>
      <p className="claim">
        <Subscripts>{sentence}</Subscripts>
      </p>
      {phone ? (
        sides
      ) : (
        <div className="overview">
          <div className="overview-file">{sides}</div>
          <TensorPanel models={models} onStep={step} />
        </div>
      )}
    </>
  );
}

const NONE: NonNullable<ModelsState['matched']>['pairs'] = [];

function EnergyFigure({ models: { figures } }: ModelsProps) {
  const scene = useMemo(() => energyScene(figures), [figures]);
  if (scene.directions === 0) return null;
  const help = 'share of Σ‖ΔW‖² kept, largest directions of any matrix first';
  return (
    <ReadFigure className="file-energy" chart={fileEnergy} scene={scene} title="Energy of what changed" help={help} />
  );
}

/** Of all directions that are known, over all that changed: leading ones alone may hold less than the whole. */
function energyScene(figures: ModelsState['figures']): EnergyScene {
  const changed = figures.flatMap((of) => (of?.spectrum ? [{ norm: of.norm, sigma: of.spectrum.sigma }] : []));
  const total = hypot(changed.map(({ norm }) => norm));
  const sigma = Float64Array.from(changed.flatMap(({ sigma: of }) => [...of]))
    .sort()
    .reverse();
  const share = new Float64Array(sigma.length + 1);
  for (let i = 0; i < sigma.length; i++) share[i + 1] = share[i] + (total > 0 ? (sigma[i] / total) ** 2 : 0);
  const at = (part: number) => {
    const first = share.findIndex((held) => held >= part);
    return first < 0 ? null : first;
  };
  const counts = total > 0 ? ([at(0.9), at(0.95), at(0.99)] as const) : ([0, 0, 0] as const);
  return { directions: sigma.length, share, counts, pointed: null };
}
