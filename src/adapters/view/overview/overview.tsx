import './overview.css';
import { Suspense, useMemo, useState } from 'react';
import { plural } from '../../../experiment/numbers.ts';
import { Announced } from '../../../kit/announced.tsx';
import { useWindowKeys } from '../../../kit/arrows.ts';
import { optionsOf } from '../../../kit/button.tsx';
import { InTurn, useInTurn } from '../../../kit/chart/use-in-turn.ts';
import { ReadFigure } from '../../../kit/figure.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Subscripts } from '../../../kit/symbols.tsx';
import { goTo } from '../../../state/places.ts';
import { isKeyTaken } from '../../../ui/keys/keys.ts';
import { lazyPart, useDispatch, useGetLab } from '../../../ui/page.tsx';
import { fileEnergy } from '../../charts/energy/file-energy.ts';
import { arrange } from '../../charts/grid/arrange.ts';
import { energyOf } from '../../file/figures.ts';
import { relativeNorms } from '../../state/base-state.ts';
import { isOfNetwork, networkFit } from '../../state/network-fit.ts';
import { fileWarnings } from '../../state/predictions.ts';
import { EventButton, useAdapters, useAdaptersDispatch } from '../context.tsx';
import type { FileProps } from '../rail.tsx';
import { COLOURS, gridOfFile } from './file-grid.ts';
import { ColouredGrid } from './grid-choices.tsx';
import { ModulePage, ModulePanel } from './module-panel.tsx';
import { overviewSentence } from './overview-sentence.ts';

export default function Overview() {
  const file = useAdapters((s) => s.files[0]);
  return file ? <OfFile file={file} /> : null;
}

function OfFile({ file }: FileProps) {
  const { adapter } = file;
  const lab = useDispatch();
  const dispatch = useAdaptersDispatch();
  const chosen = useAdapters((s) => s.chosen);
  const phone = useWidth() === 'phone';
  const [page, setPage] = useState(false);
  const order = useMemo(() => arrange(adapter.modules).cells.filter((index) => index !== null), [adapter.modules]);
  const step = (by: 1 | -1) => {
    const next = order[(order.indexOf(chosen) + by + order.length) % order.length];
    if (next !== undefined) dispatch({ type: 'choose', module: next });
  };
  useOverviewKeys({
    '[': () => step(-1),
    ']': () => step(1),
    t: () => lab(goTo('modules')),
    e: () => dispatch({ type: 'save', what: 'modules-csv' }),
  });
  const module = adapter.modules[chosen];
  if (phone && page) return <ModulePage file={file} module={module} onStep={step} onBack={() => setPage(false)} />;
  const sides = (
    <>
      <FileGrid file={file} chosen={chosen} onOpen={phone ? () => setPage(true) : undefined} />
      <EnergyFigure file={file} />
    </>
  );
  return (
    <>
      <Claim file={file} />
      <BesideClaim />
      {isOfNetwork(adapter.modules) && <OnNetwork file={file} />}
      {phone ? (
        sides
      ) : (
        <div className="overview">
          <div className="overview-file">{sides}</div>
          <ModulePanel file={file} module={module} onStep={step} />
        </div>
      )}
    </>
  );
}

function Claim({ file }: FileProps) {
  const { adapter, figures } = useInTurn(file, file);
  const sentence = useMemo(() => overviewSentence(adapter, figures), [adapter, figures]);
  return (
    <p className="claim">
      <Subscripts>{sentence}</Subscripts>
    </p>
  );
}

const BaseClaim = lazyPart(async () => ({ default: (await import('../base/base-parts.tsx')).BaseClaim }));

/** What is known with the base beside the file. */
function BesideClaim() {
  const base = useAdapters((s) => (s.base?.matched ? s.base : null));
  return base ? (
    <Suspense>
      <BaseClaim base={base} />
    </Suspense>
  ) : null;
}

/** A file of one of the page's own networks opens on it. */
function OnNetwork({ file }: FileProps) {
  const { adapter, figures, reading } = useInTurn(file, file);
  const fit = useMemo(() => networkFit(adapter.modules, figures), [adapter.modules, figures]);
  const why = 'why' in fit ? fit.why : null;
  return (
    <p className="row wrap">
      <EventButton className="btn" disabled={why !== null} event={{ type: 'network' }}>
        Open on its network
      </EventButton>
      <span className="note">{reading ? '' : (why ?? 'its answers to held-out examples, before and with it')}</span>
    </p>
  );
}

const ALL_COLOURS = optionsOf(COLOURS).map(([colour, { name }]) => [colour, name] as const);
const FILE_COLOURS = ALL_COLOURS.filter(([colour]) => colour !== 'relative');

const EMPTY_GRID = <div className="module-grid" />;

interface FileGridProps extends FileProps {
  readonly chosen: number;
  readonly onOpen: (() => void) | undefined;
}

/** A part of the page is drawn in its turn: all of them at once would be a long task. */
function FileGrid(props: FileGridProps) {
  const file = useInTurn(props.file, null);
  return file ? <DrawnFileGrid {...props} file={file} /> : EMPTY_GRID;
}

function DrawnFileGrid({ file, chosen, onOpen }: FileGridProps) {
  const dispatch = useAdaptersDispatch();
  const { figures } = file;
  const { modules } = file.adapter;
  const warnings = fileWarnings(file);
  const base = useAdapters((s) => s.base);
  const colour = useAdapters((s) => (s.colour === 'relative' && !s.base?.matched ? 'rank95' : s.colour));
  const pointed = useAdapters((s) => s.pointed);
  const { scene, caption } = useMemo(
    () => gridOfFile({ modules, figures, warnings, colour, pointed, relative: relativeNorms(base) }),
    [modules, figures, warnings, colour, pointed, base],
  );
  return (
    <>
      <InTurn instead={EMPTY_GRID}>
        <ColouredGrid
          colours={base?.matched ? ALL_COLOURS : FILE_COLOURS}
          colour={colour}
          onColour={(to) => dispatch({ type: 'colour', colour: to })}
          scene={scene}
          label={`Modules, coloured by ${COLOURS[colour].name}`}
          groupLabel={(group) => `Modules, ${group}`}
          caption={caption}
          chosen={chosen}
          onChoose={(module) => {
            dispatch({ type: 'choose', module });
            onOpen?.();
          }}
          onFree={() => dispatch({ type: 'point', about: null })}
        />
      </InTurn>
      <Announced>{scene.lit ? `${plural(scene.lit.size, 'module')} pointed out` : ''}</Announced>
    </>
  );
}

function EnergyFigure({ file }: FileProps) {
  const { figures } = useInTurn(file, file);
  const scene = useMemo(() => ({ ...energyOf(figures), pointed: null }), [figures]);
  const read = figures.filter((of) => of !== null).length;
  const part = read === figures.length ? '' : ` (of the ${read} modules read)`;
  const help = `${fileEnergy.help(scene)}${part}`;
  return <ReadFigure className="file-energy" chart={fileEnergy} scene={scene} title={fileEnergy.title} help={help} />;
}

/** Keys anywhere on the overview unless something is being typed: `event.key` → action. */
export function useOverviewKeys(keys: Readonly<Record<string, () => void>>): void {
  const page = useGetLab();
  useWindowKeys((event) => {
    const focus = event.target instanceof Element ? event.target : null;
    if (event.defaultPrevented || event.isComposing || isKeyTaken(event, focus)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || !page().shortcuts) return;
    if (!Object.hasOwn(keys, event.key)) return;
    keys[event.key]();
    event.preventDefault();
  });
}
