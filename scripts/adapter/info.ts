import { visibleText } from '../../src/adapters/file/faults.ts';
import { fileFigures } from '../../src/adapters/file/figures/file-figures.ts';
import type { Adapter, ByteSource, Figures, Module } from '../../src/adapters/file/model.ts';
import { warningsOf } from '../../src/adapters/file/warnings/warnings.ts';
import { inThread, type PairWork } from '../../src/adapters/file/work/pair-work.ts';
import { bytesOfTensors, inOrder } from '../../src/adapters/file/work/schedule.ts';

export async function measureModules(
  source: ByteSource,
  adapter: Adapter,
  work: PairWork = inThread,
): Promise<Figures[]> {
  const figures: Figures[] = [];
  const read = (module: Module) => fileFigures(source, module, work);
  const bytesOf = ({ tensors }: Module) => bytesOfTensors(tensors);
  for await (const [, of] of inOrder(adapter.modules, read, { ahead: work.ahead, bytesOf })) figures.push(of);
  return figures;
}

export function infoOf(adapter: Adapter, figures: readonly Figures[]) {
  const warnings = warningsOf(adapter, figures).filter(({ tone }) => tone !== 'fine');
  const modules = adapter.modules.map(({ index, name, d, k, rank, experts, alpha, scaling, dtype }, i) => {
    const { sigma, frobenius, effectiveRank, rank90, rank95, rank99, finite: known } = figures[i];
    return {
      ...{ name, d, k, rank, alpha, scaling, dtype, frobenius: known ? frobenius : null },
      sigma: [...sigma],
      ...(experts === undefined ? {} : { experts, expertNorms: [...(figures[i].expertNorms ?? [])] }),
      effectiveRank: known ? effectiveRank : null,
      ...{ rank90, rank95, rank99 },
      // Their sentences speak of all modules together.
      warnings: warnings.filter((warning) => warning.modules.includes(index)).map(({ about }) => about),
    };
  });
  return {
    format: adapter.naming,
    dtype: adapter.modules[0].dtype,
    tensors: adapter.header.tensors.length,
    bytes: adapter.bytes,
    parameters: adapter.modules.reduce((sum, { tensors }) => sum + trained(Object.entries(tensors)), 0),
    modules,
    warnings: warnings.map(({ title, details }) => `${title} ${details}`.trim()),
  };
}

function trained(tensors: readonly (readonly [string, { readonly shape: readonly number[] }])[]): number {
  return tensors.reduce((sum, [part, { shape }]) => sum + (part === 'alpha' ? 0 : shape.reduce((n, m) => n * m, 1)), 0);
}

export function infoText(adapter: Adapter, figures: readonly Figures[]): string {
  const { format, dtype, bytes, parameters, warnings } = infoOf(adapter, figures);
  const head = `${adapter.name}: ${format}, ${dtype}, ${bytes} bytes, ${adapter.modules.length} modules, ${parameters} numbers`;
  const rows = adapter.modules.map(({ name, d, k, rank, experts, alpha, scaling }, i) => {
    const { frobenius, sigma, effectiveRank, rank95 } = figures[i];
    return [
      name,
      `${experts === undefined ? '' : `${experts} × `}${d} × ${k}`,
      rank,
      alpha ?? '?',
      scaling === null ? '?' : short(scaling),
    ]
      .concat([short(frobenius), short(sigma[0] ?? 0), short(effectiveRank.entropy), rank95])
      .map(String);
  });
  const columns = ['module', 'd × k', 'rank', 'α', 's', '‖ΔW‖', 'σ₁', 'effective', '95%'];
  return [head, ...tableLines([columns, ...rows]), ...warnings].join('\n');
}

/** A number with so many digits, without zeros at its end. */
export const withDigits = (digits: number) => (value: number) => String(Number(value.toPrecision(digits)));
const short = withDigits(4);

/** How far a command is, on the error stream of a terminal; null: it is done. */
export function showProgress(text: string | null): void {
  if (process.stderr.isTTY) process.stderr.write(text === null ? '\r\x1b[K' : `\r${text}`);
}

/** Aligned columns; all but the first right-aligned. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(visibleText));
  const widths = rows[0].map((_, i) => Math.max(...shown.map((row) => row[i].length)));
  return shown.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
  );
}
