import './overview.css';
import { useMemo, useState } from 'react';
import { counted } from '../../../experiment/numbers.ts';
import { useWindowKeys } from '../../../kit/arrows.ts';
import { ReadFigure } from '../../../kit/figure.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Lowered } from '../../../kit/symbols.tsx';
import { wanted } from '../../../ui/keys/keys.ts';
import { useNow } from '../../../ui/page.tsx';
import { fileEnergy } from '../../charts/energy/file-energy.ts';
import { arrange } from '../../charts/grid/arrange.ts';
import { placeOf } from '../../charts/grid/grid-scene.ts';
import { energyOf } from '../../file/figures.ts';
import type { OpenedFile } from '../../state/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import type { FileProps } from '../rail.tsx';
import { ColourPicker, GroupPicker, nameOfGroup } from './grid-choices.tsx';
import { COLOURS, gridOfFile, oneGroup } from './grid-of-file.ts';
import { ModuleGrid } from './module-grid.tsx';
import { ModulePage, ModulePanel } from './module-panel.tsx';
import { overviewSentence } from './overview-sentence.ts';

/** What a file has learned and where: its modules in a grid, and one of them in full. */
export default function Overview() {
  const file = useAdapters((s) => s.files[0]);
  return file ? <OfFile file={file} /> : null;
}

function OfFile({ file }: FileProps) {
  const { adapter, figures } = file;
  const dispatch = useAdaptersDispatch();
  const chosen = useAdapters((s) => s.chosen);
  const phone = useWidth() === 'phone';
  const [page, setPage] = useState(false);
  // Row by row as in the grid.
  const order = useMemo(() => arrange(adapter.modules).cells.filter((index) => index !== null), [adapter.modules]);
  const sentence = useMemo(() => overviewSentence(adapter, figures), [adapter, figures]);
  const step = (by: 1 | -1) => {
    const next = order[(order.indexOf(chosen) + by + order.length) % order.length];
    if (next !== undefined) dispatch({ type: 'choose', module: next });
  };
  useOverviewKeys({
    '[': () => step(-1),
    ']': () => step(1),
    t: () => dispatch({ type: 'tab', tab: 'modules' }),
    e: () => dispatch({ type: 'save', what: 'modules-csv' }),
  });
  const module = adapter.modules[chosen];
  const claim = (
    <p className="claim">
      <Lowered>{sentence}</Lowered>
    </p>
  );
  if (!module) return claim;
  if (phone && page) return <ModulePage file={file} module={module} onStep={step} onBack={() => setPage(false)} />;
  if (phone)
    return (
      <>
        {claim}
        <PhoneGrid file={file} chosen={chosen} onOpen={() => setPage(true)} />
        <EnergyFigure file={file} />
      </>
    );
  return (
    <>
      {claim}
      <div className="overview">
        <div className="overview-file">
          <div className="overview-head">
            <h2>Layer × module</h2>
            <ColourPicker compact={false} />
          </div>
          <FileGrid file={file} chosen={chosen} />
          <EnergyFigure file={file} />
        </div>
        <ModulePanel file={file} module={module} onStep={step} />
      </div>
    </>
  );
}

/** The grid of the file as it is set. */
function useFileGrid({ adapter: { modules }, figures, warnings }: OpenedFile) {
  const colour = useAdapters((s) => s.colour);
  const pointed = useAdapters((s) => s.pointed);
  return useMemo(
    () => ({ colour, ...gridOfFile({ modules, figures, warnings, colour, pointed }) }),
    [modules, figures, warnings, colour, pointed],
  );
}

interface FileGridProps extends FileProps {
  readonly chosen: number;
}

function FileGrid({ file, chosen }: FileGridProps) {
  const dispatch = useAdaptersDispatch();
  const { scene, caption, colour } = useFileGrid(file);
  return (
    <>
      <ModuleGrid
        scene={scene}
        label={`Modules, coloured by ${COLOURS[colour].name}`}
        caption={caption}
        chosen={chosen}
        onChoose={(module) => dispatch({ type: 'choose', module })}
        onFree={() => dispatch({ type: 'point', about: null })}
      />
      <p className="unseen" role="status">
        {scene.lit ? `${counted(scene.lit.size, 'module')} pointed out` : ''}
      </p>
    </>
  );
}

/** On a phone: one group of columns at a time; a tap opens a module as a page. */
function PhoneGrid({ file, chosen, onOpen }: FileGridProps & { readonly onOpen: () => void }) {
  const dispatch = useAdaptersDispatch();
  const { scene, caption } = useFileGrid(file);
  // The columns that the chosen module is in come first.
  const [group, setGroup] = useState(() => {
    const column = placeOf(scene, chosen)?.[1] ?? 0;
    const found = scene.groups.findIndex(({ to }) => column < to);
    return Math.max(0, found);
  });
  const shown = Math.min(group, scene.groups.length - 1);
  const names = scene.groups.map(nameOfGroup);
  return (
    <>
      <div className="grid-choices">
        <ColourPicker compact={true} />
        <GroupPicker names={names} shown={shown} onShow={setGroup} />
      </div>
      <ModuleGrid
        scene={oneGroup(scene, shown)}
        label={`Modules, ${names[shown]}`}
        caption={`${caption}; tap a cell`}
        chosen={chosen}
        onChoose={(module) => {
          dispatch({ type: 'choose', module });
          onOpen();
        }}
        onFree={() => dispatch({ type: 'point', about: null })}
      />
    </>
  );
}

/** How much of a file's energy its directions hold. */
function EnergyFigure({ file: { figures } }: FileProps) {
  const scene = useMemo(() => ({ ...energyOf(figures), pointed: null }), [figures]);
  const read = figures.filter((of) => of !== null).length;
  const part = read === figures.length ? '' : ` (of the ${read} modules read)`;
  const help = `${fileEnergy.help(scene)}${part}`;
  return <ReadFigure className="file-energy" chart={fileEnergy} scene={scene} title={fileEnergy.title} help={help} />;
}

/** Keys anywhere on the overview unless something is being typed: `event.key` → what happens. */
function useOverviewKeys(keys: Readonly<Record<string, () => void>>): void {
  const page = useNow();
  useWindowKeys((event) => {
    const focus = event.target instanceof Element ? event.target : null;
    if (event.defaultPrevented || event.isComposing || wanted(event, focus)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || !page().shortcuts) return;
    if (!Object.hasOwn(keys, event.key)) return;
    keys[event.key]();
    event.preventDefault();
  });
}
