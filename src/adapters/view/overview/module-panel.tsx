import { Fragment, Suspense, useId, useMemo, useRef, useState } from 'react';
import { count, display, number } from '../../../experiment/numbers.ts';
import { LinkButton } from '../../../kit/button.tsx';
import { useInTurn } from '../../../kit/chart/use-in-turn.ts';
import { useSize } from '../../../kit/chart/use-plot.ts';
import { ReadFigure } from '../../../kit/figure.tsx';
import { useMedia } from '../../../kit/media.tsx';
import { Tabs } from '../../../kit/tabs.tsx';
import { lazyPart } from '../../../ui/page.tsx';
import { keptPercent } from '../../charts/energy/file-energy.ts';
import { boundedText, moduleTitle } from '../../charts/grid/arrange.ts';
import { cutError } from '../../charts/module/cut-error.ts';
import {
  fileSpectra,
  type ModuleChart,
  type ModuleScene,
  moduleSpectrum,
  spectrumScene,
} from '../../charts/module/module-scene.ts';
import type { Figures, Module } from '../../file/model.ts';
import { isUpdate } from '../../file/shapes.ts';
import type { OpenedFile } from '../../state/adapters-state.ts';
import { labObstacle } from '../../state/lab-module.ts';
import type { ModuleDetail } from '../../worker/protocol.ts';
import { EventButton, useAdapters } from '../context.tsx';
import { FactorCorner } from './factor-corner.tsx';
import { type NumberLine, NumberTable } from './number-table.tsx';

interface ModuleProps {
  readonly file: OpenedFile;
  readonly module: Module;
  readonly onStep: (by: 1 | -1) => void;
}

function useModule(file: OpenedFile, module: Module) {
  const { index, scaling } = module;
  const figures = file.figures[index] ?? null;
  const detail = useAdapters((s) => s.detail);
  const partial = file.reading !== null && !file.reading.stopped;
  const of = useAdapters((s) => s.base?.figures[index] ?? null);
  const beside = typeof of === 'string' ? null : of;
  // With W₀ the ΔW of DoRA, of PiSSA and of OLoRA is known.
  const known = beside?.dora ?? beside?.begun ?? null;
  const shared = useMemo(() => fileSpectra(file.figures, partial), [file.figures, partial]);
  const scene = useMemo(
    (): ModuleScene | null =>
      known && beside
        ? spectrumScene(known.spectrum, beside.norm)
        : figures?.finite && figures.sigma.length > 0
          ? { sigma: figures.sigma, ...shared, unscaled: scaling === null, pointed: null }
          : null,
    [figures, shared, scaling, beside, known],
  );
  return {
    figures,
    scene,
    beside,
    of: known ? 'ΔW' : updateSymbol(module),
    detail: detail?.file === file.id && detail.module === index ? detail : null,
  };
}

export const CHARTS = [moduleSpectrum, cutError];

/** Drawn in its turn, after the grid. */
export function ModulePanel({ file, module, onStep }: ModuleProps) {
  const shown = useInTurn(
    useMemo(() => ({ file, module }), [file, module]),
    null,
  );
  return shown ? <DrawnPanel {...shown} onStep={onStep} /> : <section className="adapter-module" aria-label="Module" />;
}

function DrawnPanel({ file, module, onStep }: ModuleProps) {
  const container = useRef<HTMLElement>(null);
  const { width = 0, height = 0 } = useSize(container) ?? {};
  const low = useMedia('(max-height: 774px)');
  const { figures, detail, scene, beside, of } = useModule(file, module);
  const thick = Math.min(9 * module.rank, 58);
  const side = Math.round(Math.max(96, Math.min(196, height * 0.27, width - 258 - thick)));
  const lines = figures?.finite ? numberLines(module, figures) : [];
  return (
    <section ref={container} className="adapter-module" aria-label="Module">
      <div className="ends module-title">
        <h2>{moduleTitle(module)}</h2>
        <Steps className="link" onStep={onStep} />
      </div>
      <ModuleName module={module} />
      {figures?.finite ? (
        <div className="row space-above factors">
          {module.kind === 'lora' && <FactorCorner module={module} detail={detail} side={side} />}
          <NumberTable lines={low ? lines.filter(({ optional }) => !optional) : lines} />
        </div>
      ) : null}
      <p className="note">{noteOf(module, figures, detail, beside !== null)}</p>
      <Beside module={module} />
      {scene && (
        <div className="pair">
          {CHARTS.map((chart) => (
            <ModuleFigure key={chart.name} chart={chart} scene={scene} of={of} />
          ))}
        </div>
      )}
      <div className="row space-above">
        <LabButton module={module} figures={figures} />
        <span className="sp" />
        <SaveModuleLinks figures={figures} />
      </div>
      <Towards module={module} />
    </section>
  );
}

export function ModulePage({ file, module, onStep, onBack }: ModuleProps & { readonly onBack: () => void }) {
  const id = useId();
  const [tab, setTab] = useState(0);
  const { figures, detail, scene, beside, of } = useModule(file, module);
  const scaling = module.scaling === null ? '' : `, s = ${display(module.scaling)}`;
  return (
    <section className="adapter-module phone" aria-label="Module">
      <LinkButton className="link back" onClick={onBack}>
        ← All modules
      </LinkButton>
      <h2>{moduleTitle(module)}</h2>
      <p className="note">{`${count(module.d)} × ${count(module.k)}, r = ${count(module.rank)}${scaling}`}</p>
      {figures?.finite && module.kind === 'lora' && <FactorCorner module={module} detail={detail} side={118} />}
      <p className="note">{noteOf(module, figures, detail, beside !== null)}</p>
      {figures?.finite && <NumberTable lines={shortLines(module, figures)} />}
      <Beside module={module} />
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
            <ModuleFigure chart={CHARTS[tab]} scene={scene} of={of} />
          </div>
        </>
      )}
      <ModuleName module={module} />
      <div className="row space-above">
        <SaveModuleLinks figures={figures} />
      </div>
      <Towards module={module} />
      <div className="row foot-bar adapters-dock module-dock">
        <Steps className="btn" onStep={onStep} />
        <LabButton module={module} figures={figures} alone={true} />
      </div>
    </section>
  );
}

const BesideModule = lazyPart(async () => ({ default: (await import('../base/base-parts.tsx')).BesideModule }));

const GoOnTowards = lazyPart(async () => ({ default: (await import('../base/base-parts.tsx')).GoOnTowards }));

/** From the module in the Lab towards a fine-tuned model, if a base is open. */
function Towards({ module }: Pick<ModuleProps, 'module'>) {
  const isOpen = useAdapters((s) => s.base?.matched != null);
  return isOpen ? (
    <Suspense>
      <GoOnTowards module={module} />
    </Suspense>
  ) : null;
}

/** The module beside its W₀, if a base is open. */
function Beside({ module }: Pick<ModuleProps, 'module'>) {
  const isOpen = useAdapters((s) => s.base !== null);
  return isOpen ? (
    <Suspense>
      <BesideModule module={module} />
    </Suspense>
  ) : null;
}

interface StepsProps extends Pick<ModuleProps, 'onStep'> {
  readonly className: string;
  readonly what?: string;
}

export function Steps({ className, onStep, what = 'module' }: StepsProps) {
  return (
    <>
      <button type="button" className={className} aria-label={`Previous ${what}`} onClick={() => onStep(-1)}>
        ←
      </button>
      <button type="button" className={className} aria-label={`Next ${what}`} onClick={() => onStep(1)}>
        →
      </button>
    </>
  );
}

/** The name in the file: invisible and bidirectional characters are marked; lines break after dots. */
export function ModuleName({ module: { name } }: { readonly module: Pick<Module, 'name'> }) {
  return (
    <p className="key">
      {boundedText(name, 400)
        .split(/(?<=[._])/)
        .map((part, i) => (
          <Fragment key={i}>
            {part}
            <wbr />
          </Fragment>
        ))}
    </p>
  );
}

const KINDS: Readonly<Record<Module['kind'], string>> = {
  lora: '',
  loha: 'LoHa: ΔW is an elementwise product, not a pair B·A',
  lokr: 'LoKr: ΔW is a Kronecker product, not a pair B·A',
  full: 'the file holds ΔW itself, not a pair B·A',
  experts: 'B·A of each expert of the layer; σᵢ is √Σσᵢ² over all of them',
};

function noteOf(
  { kind, kernel, magnitude, start }: Module,
  figures: Figures | null,
  detail: ModuleDetail | null,
  hasBase: boolean,
): string {
  if (!figures) return 'Not read yet.';
  if (!figures.finite) return 'NaN or infinity is in its factors: nothing is computed.';
  const [rows, cols] = detail?.block ?? [0, 0];
  const blocks = rows * cols === 1 ? 'each cell one entry' : `each cell the mean of a ${rows} × ${cols} block`;
  const [height, width] = kernel ?? [1, 1];
  return [
    kind !== 'lora' ? KINDS[kind] : detail && blocks,
    height * width > 1 && `a convolution: d × k is out × in·${height}·${width}`,
    magnitude && 'DoRA: this is s·B·A, without its magnitudes',
    start && `${start}: this is s·B·A, with its start`,
    !hasBase && 'W₀ is not in an adapter file',
  ]
    .filter(Boolean)
    .join('; ');
}

interface ModuleFigureProps {
  readonly chart: ModuleChart;
  readonly scene: ModuleScene;
  readonly of: string;
}

export function ModuleFigure(props: ModuleFigureProps) {
  const { chart, scene, of } = props;
  const shown = useInTurn(
    useMemo(() => ({ chart, scene, of }), [chart, scene, of]),
    null,
  );
  return shown ? <DrawnFigure {...shown} /> : <div />;
}

function DrawnFigure({ chart, scene, of }: ModuleFigureProps) {
  const [before, after] = chart.title.split('ΔW');
  const title = (
    <>
      {before}
      {after !== undefined && <i className="m">{`${of}${after}`}</i>}
    </>
  );
  const name = chart.title.replace('ΔW', of);
  return <ReadFigure chart={chart} scene={scene} spoken={name} title={title} level={3} help={chart.help(scene)} />;
}

interface LabProps {
  readonly module: Module;
  readonly figures: Figures | null;
  readonly alone?: boolean;
}

function LabButton({ module, figures, alone }: LabProps) {
  const why = labObstacle(module, figures);
  return (
    <>
      <EventButton className="btn main" disabled={why !== null} event={{ type: 'lab' }}>
        Open in the Lab
      </EventButton>
      {(!alone || why !== null) && (
        <span className="muted">{why ?? `its ΔW becomes the target, r = ${count(module.rank)}`}</span>
      )}
    </>
  );
}

function SaveModuleLinks({ figures }: Pick<LabProps, 'figures'>) {
  const none = !figures?.finite;
  return (
    <>
      <EventButton
        disabled={none}
        aria-label="Save the spectrum of this module as CSV"
        event={{ type: 'save', what: 'module-csv' }}
      >
        CSV
      </EventButton>
      <EventButton
        disabled={none}
        aria-label="Save ΔW of this module as .npy"
        event={{ type: 'save', what: 'module-npy' }}
      >
        .npy
      </EventButton>
    </>
  );
}

type ModuleFigures = Pick<Module, 'scaling' | 'magnitude' | 'start'>;

/** The measured matrix. */
const updateSymbol = (module: Pick<Module, 'magnitude' | 'start'>) => (isUpdate(module) ? 'ΔW' : 's·B·A');

const firstEnergy = ({ sigma, frobenius }: Figures) =>
  frobenius > 0 ? keptPercent(Math.min(1, (sigma[0] / frobenius) ** 2)) : null;

/** The norm, the lines of a spectrum if there is one, and the magnitudes of a DoRA. */
function linesOf(module: ModuleFigures, of: Figures, spectrum: (times: string) => readonly NumberLine[]): NumberLine[] {
  const times = module.scaling === null ? ' × s' : '';
  const norm = { name: `‖${updateSymbol(module)}‖, Frobenius`, value: `${number(of.frobenius)}${times}` };
  const rest = of.sigma.length === 0 ? [] : spectrum(times);
  return [norm, ...experts(of, times), ...rest, ...magnitudes(of)];
}

export const numberLines = (module: ModuleFigures, of: Figures): NumberLine[] =>
  linesOf(module, of, (times) => [
    { name: 'σ₁', value: `${number(of.sigma[0])}${times}` },
    { name: 'energy in σ₁', value: firstEnergy(of) ?? '–' },
    { name: 'rank for 90%', value: count(of.rank90), optional: true },
    { name: 'rank for 95%', value: count(of.rank95) },
    { name: 'rank for 99%', value: count(of.rank99), optional: true },
    { name: 'effective rank', value: null },
    { name: 'entropy of σ', value: of.effectiveRank.entropy.toFixed(2) },
    { name: 'entropy of σ²', value: of.effectiveRank.energy.toFixed(2) },
    { name: 'participation', value: of.effectiveRank.participation.toFixed(2) },
    { name: 'stable', value: of.effectiveRank.stable.toFixed(2) },
  ]);

export function shortLines(module: ModuleFigures, of: Figures): NumberLine[] {
  const energy = firstEnergy(of);
  return linesOf(module, of, (times) => [
    { name: `σ₁${energy === null ? '' : `, with ${energy} of the energy`}`, value: `${number(of.sigma[0])}${times}` },
    { name: 'rank for 90, 95, 99%', value: [of.rank90, of.rank95, of.rank99].map(count).join(', ') },
    { name: 'effective rank (entropy of σ)', value: of.effectiveRank.entropy.toFixed(2) },
  ]);
}

function experts({ expertNorms }: Figures, times: string): NumberLine[] {
  if (!expertNorms) return [];
  const sorted = expertNorms.toSorted();
  const still = sorted.filter((norm) => norm === 0).length;
  const [least, most] = [sorted[0], sorted[sorted.length - 1]].map((norm) => number(norm));
  return [
    { name: `of ${count(sorted.length)} experts, least to most`, value: `${least} to ${most}${times}` },
    ...(still > 0 ? [{ name: 'experts that never trained', value: count(still) }] : []),
  ];
}

function magnitudes({ magnitudes: of }: Figures): NumberLine[] {
  if (of === null) return [];
  const [smallest, middle, max] = of.map((value) => number(value));
  return [
    { name: 'DoRA magnitudes', value: null },
    { name: 'median', value: middle },
    { name: 'smallest, largest', value: `${smallest}, ${max}` },
  ];
}
