import { type ReactNode, useId, useState } from 'react';
import { count, shown } from '../../../experiment/numbers.ts';
import { Tabs } from '../../../kit/tabs.tsx';
import { titleOf } from '../../charts/grid/arrange.ts';
import { placeOf } from '../../charts/grid/grid-scene.ts';
import { cutError } from '../../charts/module/cut-error.ts';
import { moduleSpectrum } from '../../charts/module/module-spectrum.ts';
import type { Module } from '../../file/model.ts';
import type { OpenedFile } from '../../state/adapters-state.ts';
import { useAdaptersDispatch } from '../context.tsx';
import { EnergyFigure } from './energy-figure.tsx';
import { FactorCorner } from './factor-corner.tsx';
import { ColourPicker, GroupPicker, nameOfGroup } from './grid-choices.tsx';
import { oneGroup } from './grid-of-file.ts';
import { LabButton, SaveLinks } from './module-acts.tsx';
import { ModuleFigure } from './module-figure.tsx';
import { ModuleGrid } from './module-grid.tsx';
import { measuredName, shortLines } from './module-numbers.ts';
import { NumberTable, noteOf, useDetail, useModuleScene } from './module-panel.tsx';
import { useFileGrid } from './use-file.ts';
import { VisibleName } from './visible-name.tsx';

interface PhoneProps {
  readonly file: OpenedFile;
  readonly module: Module;
  readonly sentence: ReactNode;
  readonly onStep: (by: 1 | -1) => void;
}

/** The overview on a phone: the grid, one group of columns at a time; a tap opens a module as a page. */
export function PhoneOverview({ file, module, sentence, onStep }: PhoneProps) {
  const [open, setOpen] = useState(false);
  if (open) return <ModulePage file={file} module={module} onStep={onStep} onBack={() => setOpen(false)} />;
  return (
    <>
      {sentence}
      <PhoneGrid file={file} chosen={module.index} onOpen={() => setOpen(true)} />
      <EnergyFigure figures={file.figures} />
    </>
  );
}

interface PhoneGridProps {
  readonly file: OpenedFile;
  readonly chosen: number;
  readonly onOpen: () => void;
}

function PhoneGrid({ file, chosen, onOpen }: PhoneGridProps) {
  const dispatch = useAdaptersDispatch();
  const { scene, caption } = useFileGrid(file);
  // The columns that the chosen module is in come first.
  const [group, setGroup] = useState(() => {
    const column = placeOf(scene, chosen)?.[1] ?? 0;
    return Math.max(
      0,
      scene.groups.findIndex(({ to }) => column < to),
    );
  });
  const shownGroup = Math.min(group, scene.groups.length - 1);
  const open = (index: number) => {
    dispatch({ type: 'choose', module: index });
    onOpen();
  };
  const names = scene.groups.map(nameOfGroup);
  return (
    <>
      <div className="grid-choices">
        <ColourPicker compact={true} />
        <GroupPicker names={names} shown={shownGroup} onShow={setGroup} />
      </div>
      <ModuleGrid
        scene={oneGroup(scene, shownGroup)}
        label={`Modules, ${names[shownGroup]}`}
        caption={`${caption}; tap a cell`}
        chosen={chosen}
        onChoose={open}
        onFree={() => dispatch({ type: 'point', about: null })}
      />
    </>
  );
}

const CHARTS = [moduleSpectrum, cutError];

interface ModulePageProps extends Omit<PhoneProps, 'sentence'> {
  readonly onBack: () => void;
}

/** One module, with one chart at a time. */
function ModulePage({ file, module, onStep, onBack }: ModulePageProps) {
  const id = useId();
  const [tab, setTab] = useState(0);
  const detail = useDetail(file, module);
  const scene = useModuleScene(file, module);
  const of = file.figures[module.index] ?? null;
  const scaling = module.scaling === null ? '' : `, s = ${shown(module.scaling)}`;
  return (
    <section className="adapter-module phone" aria-label="Module">
      <button type="button" className="link back" onClick={onBack}>
        ← All modules
      </button>
      <h2>{titleOf(module)}</h2>
      <p className="note">{`${count(module.d)} × ${count(module.k)}, r = ${count(module.rank)}${scaling}`}</p>
      {of?.finite && module.kind === 'lora' && <FactorCorner module={module} detail={detail} side={118} />}
      <p className="note">{noteOf(module, of, detail)}</p>
      {of?.finite && <NumberTable lines={shortLines(module, of)} />}
      {scene && (
        <>
          <Tabs
            aria-label="Charts of this module"
            panel={id}
            tabs={CHARTS.map(({ short }, i) => [i, short])}
            shown={tab}
            onShow={setTab}
          />
          <div role="tabpanel" id={id} aria-labelledby={`${id}-${tab}`}>
            <ModuleFigure chart={CHARTS[tab]} scene={scene} of={measuredName(module)} />
          </div>
        </>
      )}
      <p className="key">
        <VisibleName>{module.name}</VisibleName>
      </p>
      <div className="row module-acts">
        <SaveLinks figures={of} />
      </div>
      <div className="module-dock">
        <button type="button" className="btn" aria-label="Previous module" onClick={() => onStep(-1)}>
          ←
        </button>
        <button type="button" className="btn" aria-label="Next module" onClick={() => onStep(1)}>
          →
        </button>
        <LabButton module={module} figures={of} alone={true} />
      </div>
    </section>
  );
}
