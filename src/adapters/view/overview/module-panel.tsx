import { useMemo, useRef } from 'react';
import { useSize } from '../../../kit/chart/use-plot.ts';
import { useMedia } from '../../../kit/media.tsx';
import { titleOf } from '../../charts/grid/arrange.ts';
import { cutError } from '../../charts/module/cut-error.ts';
import type { ModuleScene } from '../../charts/module/module-scene.ts';
import { moduleSpectrum } from '../../charts/module/module-spectrum.ts';
import type { Figures, Module } from '../../file/model.ts';
import type { AdaptersState, OpenedFile } from '../../state/adapters-state.ts';
import { useAdapters } from '../context.tsx';
import { FactorCorner } from './factor-corner.tsx';
import { LabButton, SaveLinks } from './module-acts.tsx';
import { ModuleFigure } from './module-figure.tsx';
import { measuredName, type NumberLine, numberLines } from './module-numbers.ts';
import { useFileSpectra } from './use-file.ts';
import { VisibleName } from './visible-name.tsx';

const ofDetail = ({ detail }: AdaptersState) => detail;

/** What only the worker knows of a module; null until it has said it. */
export function useDetail(file: OpenedFile, module: Module) {
  const detail = useAdapters(ofDetail);
  return detail && detail.file === file.id && detail.module === module.index ? detail : null;
}

/** The spectrum of a module, and what it is held against; null where it has none. */
export function useModuleScene(file: OpenedFile, module: Module): ModuleScene | null {
  const shared = useFileSpectra(file);
  const of = file.figures[module.index] ?? null;
  return useMemo(
    () =>
      of?.finite && of.sigma.length > 0
        ? { sigma: of.sigma, ...shared, unscaled: module.scaling === null, pointed: null }
        : null,
    [of, shared, module.scaling],
  );
}

interface ModulePanelProps {
  readonly file: OpenedFile;
  readonly module: Module;
  /** To the module before or after it. */
  readonly onStep: (by: 1 | -1) => void;
}

/** The chosen module on a desk: its factors, its numbers, its spectrum, and what a cut would cost. */
export function ModulePanel({ file, module, onStep }: ModulePanelProps) {
  const room = useRef<HTMLElement>(null);
  const { width = 0, height = 0 } = useSize(room) ?? {};
  const low = useMedia('(max-height: 774px)');
  const detail = useDetail(file, module);
  const scene = useModuleScene(file, module);
  const of = file.figures[module.index] ?? null;
  const thick = Math.min(9 * module.rank, 58);
  const side = Math.round(Math.max(96, Math.min(196, height * 0.27, width - 258 - thick)));
  const lines = of?.finite ? numberLines(module, of) : [];
  return (
    <section ref={room} className="adapter-module" aria-label="Module">
      <div className="module-title">
        <h2>{titleOf(module)}</h2>
        <button type="button" className="link" aria-label="Previous module" onClick={() => onStep(-1)}>
          ←
        </button>
        <button type="button" className="link" aria-label="Next module" onClick={() => onStep(1)}>
          →
        </button>
      </div>
      <p className="key">
        <VisibleName>{module.name}</VisibleName>
      </p>
      {of?.finite ? (
        <div className="factors">
          {module.kind === 'lora' && <FactorCorner module={module} detail={detail} side={side} />}
          <NumberTable lines={low ? lines.filter(({ optional }) => !optional) : lines} />
        </div>
      ) : null}
      <p className="note">{noteOf(module, of, detail)}</p>
      {scene && (
        <div className="pair">
          <ModuleFigure chart={moduleSpectrum} scene={scene} of={measuredName(module)} />
          <ModuleFigure chart={cutError} scene={scene} of={measuredName(module)} />
        </div>
      )}
      <div className="row module-acts">
        <LabButton module={module} figures={of} />
        <span className="space" />
        <SaveLinks figures={of} />
      </div>
    </section>
  );
}

const KINDS: Readonly<Record<Module['kind'], string>> = {
  lora: '',
  loha: 'LoHa: ΔW is an elementwise product, not a pair B·A',
  lokr: 'LoKr: ΔW is a Kronecker product, not a pair B·A',
  full: 'the file holds ΔW itself, not a pair B·A',
};

/** What the picture shows, or why there is none. */
export function noteOf(
  module: Module,
  of: Figures | null,
  detail: { readonly block: readonly [number, number] } | null,
): string {
  if (!of) return 'Not read yet.';
  if (!of.finite) return 'NaN or infinity is in its factors: nothing is computed.';
  const [kernelHeight, kernelWidth] = module.kernel ?? [1, 1];
  const convolution =
    kernelHeight * kernelWidth > 1 ? [`a convolution: d × k is out × in·${kernelHeight}·${kernelWidth}`] : [];
  const { block: [rows, cols] = [0, 0] } = detail ?? {};
  const blocks =
    module.kind !== 'lora'
      ? [KINDS[module.kind]]
      : !detail
        ? []
        : [rows * cols === 1 ? 'each cell one entry' : `each cell the mean of a ${rows} × ${cols} block`];
  const dora = module.magnitude ? ['DoRA: this is s·B·A, without its magnitudes'] : [];
  return [...blocks, ...convolution, ...dora, 'W₀ is not in an adapter file'].join('; ');
}

/** Numbers of a module, a line each. */
export function NumberTable({ lines }: { readonly lines: readonly NumberLine[] }) {
  return (
    <table className="module-numbers">
      <tbody>
        {lines.map(({ name, value }) => (
          <tr key={name}>
            {value === null ? (
              <th colSpan={2} scope="colgroup">
                {name}
              </th>
            ) : (
              <>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
