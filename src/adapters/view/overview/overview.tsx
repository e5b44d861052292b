import './overview.css';
import { useMemo } from 'react';
import { counted } from '../../../experiment/numbers.ts';
import { useWindowKeys } from '../../../kit/arrows.ts';
import { useWidth } from '../../../kit/media.tsx';
import { Lowered } from '../../../kit/symbols.tsx';
import { wanted } from '../../../ui/keys/keys.ts';
import { useNow } from '../../../ui/page.tsx';
import type { AdaptersState, OpenedFile } from '../../state/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { TopSentence } from '../top-sentence.tsx';
import { EnergyFigure } from './energy-figure.tsx';
import { ColourPicker } from './grid-choices.tsx';
import { COLOURS } from './grid-of-file.ts';
import { ModuleGrid } from './module-grid.tsx';
import { ModulePanel } from './module-panel.tsx';
import { overviewSentence } from './overview-sentence.ts';
import { PhoneOverview } from './phone-overview.tsx';
import { useFileGrid, useOrder } from './use-file.ts';

const ofFile = ({ files }: AdaptersState) => files[0] ?? null;

/** What a file has learned and where: its modules in a grid, and one of them in full. */
export default function Overview() {
  const file = useAdapters(ofFile);
  return file ? <OfFile file={file} /> : null;
}

const ofChosen = ({ chosen }: AdaptersState) => chosen;

function OfFile({ file }: { readonly file: OpenedFile }) {
  const dispatch = useAdaptersDispatch();
  const chosen = useAdapters(ofChosen);
  const phone = useWidth() === 'phone';
  const order = useOrder(file);
  const sentence = useMemo(() => overviewSentence(file.adapter, file.figures), [file.adapter, file.figures]);
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
  const module = file.adapter.modules[chosen];
  const said = (
    <TopSentence>
      <Lowered>{sentence}</Lowered>
    </TopSentence>
  );
  if (!module) return said;
  if (phone) return <PhoneOverview file={file} module={module} sentence={said} onStep={step} />;
  return (
    <>
      {said}
      <div className="overview">
        <div className="overview-file">
          <div className="overview-head">
            <h2>Layer × module</h2>
            <ColourPicker compact={false} />
          </div>
          <FileGrid file={file} chosen={chosen} />
          <EnergyFigure figures={file.figures} />
        </div>
        <ModulePanel file={file} module={module} onStep={step} />
      </div>
    </>
  );
}

const ofColour = ({ colour }: AdaptersState) => colour;

function FileGrid({ file, chosen }: { readonly file: OpenedFile; readonly chosen: number }) {
  const dispatch = useAdaptersDispatch();
  const colour = useAdapters(ofColour);
  const { scene, caption } = useFileGrid(file);
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

/** Keys anywhere on the overview, but where something is being typed: `event.key` → what happens. */
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
