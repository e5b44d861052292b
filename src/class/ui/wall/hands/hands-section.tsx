import '../../../../ui/looks/present-sliders.css';
import './hands.css';
import {
  type ComponentProps,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useMemo,
  useRef,
  useState,
} from 'react';
import { tableCsv } from '../../../../charts/drawing/columns.ts';
import { Button, LinkButton } from '../../../../kit/button.tsx';
import type { Chart } from '../../../../kit/chart/chart.ts';
import { useSize } from '../../../../kit/chart/use-plot.ts';
import { Figure, Plot } from '../../../../kit/figure.tsx';
import { type CellPlace, GridPicture } from '../../../../kit/grids/grid-picture.tsx';
import { linear, Slider, type Track } from '../../../../kit/slider.tsx';
import { runAtPointer } from '../../../../ui/figures/run-at-pointer.ts';
import { LONGEST_NAME, nameOf } from '../../../../ui/hand/hand-name.tsx';
import { type HandsScene, handDots, handWeights } from '../../../charts/hand-charts.ts';
import { cellWords, type HandMatrixScene, handMatrix, matrixLayout } from '../../../charts/hand-matrix.ts';
import { bestSum, type HandReadings, LOST, sameHands } from '../../../model/class-hands.ts';
import {
  handNames,
  handsClaim,
  handsTable,
  lostText,
  matrixTable,
  namedRows,
  trainedClaim,
  weightText,
} from '../../../model/hand-words.ts';
import { handCount } from '../../../state/wall.ts';
import { PresentedActs } from '../presented-wall.tsx';
import { toggleNames, useChangeWall, useWallOrder, type WallView } from '../use-wall.ts';

interface HandsProps {
  readonly shown: WallView;
  readonly adding: boolean;
  readonly onAdd: () => void;
  /** On a projector the sentence and the matrix alone. */
  readonly presented?: boolean;
}

/** The hands of a class: whose adapter reads whose, and what merging them loses. */
export default function HandsSection({ shown: { wall }, adding, onAdd, presented = false }: HandsProps) {
  const { hands, readings, hidden, trainedOnAll } = wall;
  const names = useMemo(() => handNames(hands, hidden), [hands, hidden]);
  const whole = handCount(wall);
  const ready = readings && sameHands(readings.hands, hands) ? readings : null;
  if (ready) return <MeasuredHands {...{ wall, names, adding, onAdd, presented }} readings={ready} />;
  const training = hands.length < whole;
  return (
    <section className="hands" aria-label="Hands">
      <p className="goal-sentence" role="status">
        {trainedOnAll && 'why' in trainedOnAll
          ? trainedOnAll.why
          : training
            ? `Training ${whole} adapters here.`
            : `Reading ${hands.length} hands with every adapter.`}
      </p>
      <p>
        {training ? (
          <>
            <progress value={hands.length} max={whole} aria-label="Adapters trained here" /> {hands.length} of {whole}
          </>
        ) : (
          <progress aria-label="Hands are read" />
        )}
      </p>
    </section>
  );
}

interface MeasuredProps extends Omit<HandsProps, 'shown'>, Pick<WallView, 'wall'> {
  readonly names: ReadonlyMap<number, string>;
  readonly readings: HandReadings;
}

function MeasuredHands({ wall, names, readings, adding, onAdd, presented }: MeasuredProps) {
  const { hidden, trainedOnAll: trained, example } = wall;
  const { hands, columns, sums } = readings;
  const change = useChangeWall();
  const order = useWallOrder();
  const [picked, pick] = useState<number | null>(null);
  const [at, walk] = useState<CellPlace | null>(null);
  const [hovered, hover] = useState<CellPlace | null>(null);
  const [dotted, pointAt] = useState<number | null>(null);
  const weight = sums.find((one) => one.weight === picked)?.weight ?? bestSum(readings).weight;
  const rows = useMemo(() => namedRows(readings, trained, weight, names), [readings, trained, weight, names]);
  const matrix = useMemo((): HandMatrixScene => {
    const named = columns.map((hand) => ({ name: names.get(hand.id) ?? '', number: hands.indexOf(hand) + 1 }));
    return { rows, columns: named, hidden };
  }, [rows, columns, names]);
  const inside = (cell: CellPlace | null) => (cell && rows[cell[0]] && cell[1] <= columns.length ? cell : null);
  const chosen = inside(at);
  const place = inside(hovered) ?? chosen;
  const pointed = dotted ?? (place ? (columns[place[1]]?.id ?? null) : null);
  const scene = useMemo((): HandsScene => {
    const own = columns.map((hand, i) => readings.alone[hands.indexOf(hand)].shares[i]);
    const ways = rows
      .slice(hands.length)
      .map(({ name, key, row }) => ({ name, plain: key === 'none', shares: row.shares }));
    return {
      ways: [{ name: 'own adapter', plain: false, shares: own }, ...ways],
      ids: columns.map(({ id }) => id),
      pointed,
    };
  }, [readings, rows, pointed]);
  const tested = columns.length > 0;
  const merges = tested && hands.length > 1;
  const weights = useMemo(() => ({ sums, weight }), [sums, weight]);
  const sum = rows.find(({ key }) => key === 'sum');
  const own = chosen && hands[chosen[0]];
  const save = (of: 'hands' | 'hand-matrix') => {
    const table = of === 'hands' ? handsTable(readings, rows, names, hidden) : matrixTable(readings, rows, names);
    const title = `LoRA Explorer: hands of ${example ? 'an example class, all made up' : 'a class'}`;
    order({
      of,
      table: tableCsv(table, [title, 'shares of each hand’s test drawings, and of 597 digits of other people']),
    });
  };
  const claim = (
    <p className="goal-sentence" role="status">
      {handsClaim(readings)}
    </p>
  );
  const legend = (
    <>
      share of the test drawings read: <i className="scale" /> 0.2 to 1; <b className="bad-word">×</b> below{' '}
      {`${LOST}; `}others: 597 digits of other people
    </>
  );
  if (presented)
    return (
      <section className="hands" aria-label="Hands">
        {claim}
        <HandMatrix scene={matrix} at={chosen} shown={place} onWalk={walk} onHover={hover} fills />
        <div className="row presented-foot">
          <span>{place ? cellWords(matrix, place) : legend}</span>
          <PresentedActs hidden={hidden} />
        </div>
      </section>
    );
  return (
    <section className="hands" aria-label="Hands">
      {claim}
      <div className="split hands-columns">
        <Figure
          name="handMatrix"
          title="Whose adapter reads whose hand"
          row={
            own && (
              <LinkButton
                onClick={() =>
                  change((now) => ({ hands: now.hands.filter(({ id }) => id !== own.id), removedHand: own }))
                }
              >
                Remove {names.get(own.id)}
              </LinkButton>
            )
          }
          help={place ? cellWords(matrix, place) : legend}
        >
          <HandMatrix scene={matrix} at={chosen} shown={place} onWalk={walk} onHover={hover}>
            {own && !hidden && (
              <RowName
                key={own.id}
                number={hands.indexOf(own) + 1}
                name={wall.hands.find(({ id }) => id === own.id)?.name ?? ''}
                onName={(name) =>
                  change((now) => ({ hands: now.hands.map((one) => (one.id === own.id ? { ...one, name } : one)) }))
                }
              />
            )}
          </HandMatrix>
        </Figure>
        <div className="stack hands-charts">
          {tested && (
            <HandFigure
              chart={handDots}
              scene={scene}
              onPointerMove={(event) => pointAt(runAtPointer(event))}
              onPointerLeave={() => pointAt(null)}
            />
          )}
          {merges && (
            <div>
              <HandFigure chart={handWeights} scene={weights} />
              <div className="weight">
                <Slider
                  aria-label="Weight of the sum"
                  track={trackOf(sums.map((one) => one.weight))}
                  value={weight}
                  text={`sum × ${weightText(weight)}`}
                  onValue={pick}
                />
              </div>
              <p className="note">The best weight is picked on the same drawings that it is counted on.</p>
            </div>
          )}
          {sum && tested && <p>{lostText(readings, sum, names)}</p>}
          {merges && trained === null && <p>One adapter is trained on all drawings …</p>}
          {trained && <p className="claim">{trainedClaim(readings, trained)}</p>}
          <p className="row">
            <Button className="btn main" aria-expanded={adding} onClick={onAdd}>
              Add hands …
            </Button>
            <Button aria-pressed={hidden} onClick={() => change(toggleNames)}>
              Hide names
            </Button>
            <Button onClick={() => save('hand-matrix')}>Matrix (CSV)</Button>
            <Button onClick={() => save('hands')}>Hands (CSV)</Button>
            <LinkButton onClick={() => change(() => ({ presents: true }))}>Present</LinkButton>
          </p>
        </div>
      </div>
    </section>
  );
}

interface HandMatrixProps {
  readonly scene: HandMatrixScene;
  readonly at: CellPlace | null;
  /** The cell below the pointer, else that of the keys. */
  readonly shown: CellPlace | null;
  readonly onWalk: (to: CellPlace | null) => void;
  readonly onHover: (to: CellPlace | null) => void;
  /** A field over the name of the row at `at`. */
  readonly children?: ReactNode;
  /** Fills the height that is there. */
  readonly fills?: boolean;
}

/** One tab stop. */
function HandMatrix({ scene: filled, at, shown, onWalk, onHover, children, fills = false }: HandMatrixProps) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const scene = useMemo(
    () => (fills && size ? { ...filled, room: { font: size.font, height: size.height } } : filled),
    [filled, fills, size?.font, size?.height],
  );
  const { place, cellAt, height, left: labels } = matrixLayout(scene, size?.width ?? 0);
  const field = useRef<HTMLDivElement>(null);
  const spoken = useMemo(
    () => ({
      corner: 'Adapter',
      rows: scene.rows.map(({ name }) => name),
      columns: [...scene.columns.map(({ name }) => name), 'others'],
      words: (cell: CellPlace) => cellWords(scene, cell),
    }),
    [scene],
  );
  const below = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return cellAt(event.clientX - left, event.clientY - top);
  };
  /** A name leads to the first cell of its row. */
  const press = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    onWalk(cellAt(Math.max(labels, event.clientX - left), event.clientY - top));
  };
  const click = (event: MouseEvent<HTMLElement>) => {
    if (event.clientX - event.currentTarget.getBoundingClientRect().left < labels)
      field.current?.querySelector('input')?.focus();
  };
  const row = at && place([at[0], 0]);
  return (
    <div ref={box} className={fills ? 'hand-matrix fills' : 'hand-matrix'}>
      <GridPicture
        aria-label="Whose adapter reads whose hand"
        {...{ spoken, at, chosen: null, page: 10, onWalk }}
        onPointerMove={(event) => onHover(below(event))}
        onPointerLeave={() => onHover(null)}
        onPointerDown={press}
        onClick={click}
        onFocus={() => onWalk(at ?? [0, 0])}
      >
        <div aria-hidden="true" style={{ height }}>
          <Plot chart={handMatrix} scene={scene} style={{ height }} />
          {shown && <i className="walked" style={place(shown)} />}
        </div>
      </GridPicture>
      {row && (
        <div ref={field} className="row-name" style={{ top: row.top + row.height / 2, width: labels - 4 }}>
          {children}
        </div>
      )}
    </div>
  );
}

interface RowNameProps {
  readonly number: number;
  readonly name: string;
  readonly onName: (name: string) => void;
}

/** Typed over the name of a row. */
function RowName({ number, name, onName }: RowNameProps) {
  const [typed, setTyped] = useState(name);
  return (
    <input
      aria-label={`Name of hand ${number}`}
      maxLength={LONGEST_NAME}
      spellCheck={false}
      autoComplete="off"
      placeholder={`hand ${number}`}
      value={typed}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onName(nameOf(event.currentTarget.value));
      }}
    />
  );
}

function HandFigure<S>({ chart, scene, ...events }: { readonly chart: Chart<S>; readonly scene: S } & PlotEvents) {
  return (
    <Figure name={chart.name} title={chart.title} help={chart.help(scene)}>
      <Plot chart={chart} scene={scene} {...events} />
    </Figure>
  );
}

type PlotEvents = Pick<ComponentProps<'div'>, 'onPointerMove' | 'onPointerLeave'>;

/** Stops at the weights that were tried. */
function trackOf(weights: readonly number[]): Track {
  const rounded = (value: number) =>
    weights.reduce((near, one) => (Math.abs(one - value) < Math.abs(near - value) ? one : near));
  const stepped = (value: number, by: number) =>
    weights[Math.min(weights.length - 1, Math.max(0, weights.indexOf(rounded(value)) + by))];
  return { from: 0, to: 1, ticks: [], textOf: weightText, scale: linear(0, 1), rounded, smallStep: stepped };
}
