import { useMemo } from 'react';
import { inits } from '../../experiment/inits/index.ts';
import { number } from '../../experiment/numbers.ts';
import { Button } from '../../kit/button.tsx';
import { Select } from '../../kit/choice.tsx';
import { useDispatch, useLab } from '../../ui/page.tsx';
import { CurvesFigure, MapFigure, OpenSweep } from '../figures/figures.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { trainEvent, useHasPredicted } from '../step.tsx';
import { expectedVariance, meanSquare, PRODUCTS, productEntries, SIDE, SIGMA } from './draws.ts';
import { DRAW, DRAWN_RANK, LENGTHS, OPTIMISER, OPTIMISERS, POINTED_CELL } from './recorded.ts';
import {
  floorsScene,
  lengthScene,
  pissaScene,
  raceScene,
  spreadScene,
  varianceScene,
  widenedScene,
  zerosMap,
} from './scenes.ts';

const ERROR = 'relative error: 1 = nothing learned, 0 = perfect';

/** The race of four initialisations; before the guess, only that of B = 0. */
export function RaceFigure() {
  const known = useHasPredicted('starts', 'zero-start');
  const [optimiser] = useLessonValue(OPTIMISER);
  const scene = useMemo(() => raceScene(optimiser, known ? undefined : ['kaiming-uniform']), [optimiser, known]);
  return (
    <div className="figures">
      <CurvesFigure
        title={`The first 60 steps with ${OPTIMISERS[optimiser]}`}
        help={`${ERROR}; rank 8, median of 5 seeds, band: the middle half; automatic rates`}
        scene={scene}
      />
    </div>
  );
}

const WIDENED = widenedScene();

export function WidenedFigure() {
  return (
    <div className="figures">
      <CurvesFigure
        title="The rank is raised from 2 to 4 at step 150"
        help={`${ERROR}; 16 × 16, gradient descent; dashed: the best possible at each rank`}
        scene={WIDENED}
      />
    </div>
  );
}

/** The entries of random products at a rank, and their variance over ranks, both drawn live. */
export function ProductsFigure() {
  const [drawn] = useLessonValue(DRAWN_RANK);
  const [draw] = useLessonValue(DRAW);
  const rank = Number(drawn);
  const spread = useMemo(() => spreadScene(rank, draw), [rank, draw]);
  const variance = useMemo(() => varianceScene(draw), [draw]);
  return (
    <div className="figures two">
      <CurvesFigure
        title={`Entries of B·A at rank ${rank}`}
        help={`${PRODUCTS} products of ${SIDE} × ${SIDE}, σ = ${SIGMA}; by the formula ±${number(Math.sqrt(expectedVariance(rank)), 2)}`}
        scene={spread}
      />
      <CurvesFigure title="Their variance, by rank" help="both axes logarithmic" scene={variance} />
    </div>
  );
}

export function RedrawButton({ of: value }: { readonly of: typeof DRAW }) {
  const [draw, change] = useLessonValue(value);
  return <Button onClick={() => change(draw + 1)}>Draw again</Button>;
}

export function LengthsFigure() {
  const [draw] = useLessonValue(LENGTHS);
  const scene = useMemo(() => lengthScene(draw), [draw]);
  return (
    <div className="figures">
      <CurvesFigure
        title="Length of Ax, by rank"
        help="‖Ax‖²/‖x‖², averaged over draws; k = 64; dashed: the formula; both axes logarithmic"
        scene={scene}
      />
    </div>
  );
}

const ZEROS = zerosMap();

export function ZerosFigure() {
  const [at, point] = useLessonValue(POINTED_CELL);
  return (
    <div className="figures">
      <MapFigure
        title="Final error ÷ floor with SGD"
        help="a target of rank 8, 64 × 64, 100 steps, one seed; rows: which factor is zero, and the variance of the other one"
        map={ZEROS}
        at={at}
        onPoint={point}
      >
        <OpenSweep preset="where-the-zero-goes" />
      </MapFigure>
    </div>
  );
}

const FLOORS = floorsScene();
const [ALONG, APART] = [pissaScene('along'), pissaScene('apart')];

export function FloorsFigure() {
  return (
    <div className="figures two">
      <CurvesFigure title="PiSSA: the target lies along W₀" help={`${ERROR}; SGD, rank 8`} scene={ALONG} />
      <CurvesFigure title="PiSSA: the target is independent of W₀" help={`${ERROR}; Adam, rank 8`} scene={APART} />
      <CurvesFigure
        title="Each ends at a floor of its own"
        help={`${ERROR}; the picture, Adam, rank 8`}
        scene={FLOORS}
      />
    </div>
  );
}

export function VarianceStatus() {
  const [rank] = useLessonValue(DRAWN_RANK);
  const [draw] = useLessonValue(DRAW);
  const drawn = useMemo(() => number(meanSquare(productEntries(Number(rank), draw))), [rank, draw]);
  return (
    <>
      Variance drawn: {drawn}, by the formula: {number(expectedVariance(Number(rank)))}
    </>
  );
}

export function InitsLink() {
  const dispatch = useDispatch();
  const open = () => {
    dispatch({ type: 'needed' });
    dispatch({ type: 'panel', panel: { name: 'inits' } });
  };
  return (
    <div className="row">
      <Button onClick={open}>See all {inits.all.length} initialisations</Button>
    </div>
  );
}

export function InitChoice() {
  const dispatch = useDispatch();
  const init = useLab((s) => s.experiment.init);
  return (
    <p>
      <Select
        className="pick"
        aria-label="Initialisation of A and B"
        options={CHOICE.map((name) => [name, inits.byName(name).label])}
        value={init}
        onChange={(name) => {
          dispatch({ type: 'changed', changes: { init: name } });
          dispatch(trainEvent());
        }}
      />
    </p>
  );
}

const CHOICE = ['pissa', 'olora', 'milora', 'both-zero', 'kaiming-uniform', 'symmetric', 'init-b'] as const;
