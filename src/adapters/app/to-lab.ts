import type { Store } from '../../state/store.ts';
import { titleOf } from '../charts/grid/arrange.ts';
import { notInLab } from '../state/in-lab.ts';
import type { AdaptersStore } from '../view/context.tsx';
import type { Reader } from './reader.ts';

/** The chosen module of the page of adapters becomes the target of the Lab. */
export async function chosenToLab(store: AdaptersStore, reader: Reader, lab: Store): Promise<void> {
  const {
    files: [file],
    chosen,
  } = store.state();
  const module = file?.adapter.modules[chosen];
  if (!file || !module) return;
  const fail = (details: string) => store.dispatch({ type: 'failed', title: 'The Lab did not open.', details });
  const { alpha, rule, rank, scaling: s } = module;
  const figures = file.figures[chosen] ?? null;
  const why = notInLab(module, figures);
  if (why !== null || s === null || figures === null) return fail(`This module: ${why}.`);
  const [sigma1] = figures.sigma;
  const found = await reader.ask({ type: 'factors', file: file.id, module: chosen });
  if (!('B' in found)) return fail('fault' in found ? `${found.fault} ${found.details}` : '');
  const { openInLab } = await import('./open-in-lab.ts');
  const names = { name: file.adapter.name, module: titleOf(module) };
  const refused = await openInLab(lab, { ...names, ...found, ...{ alpha, rule, rank, s, sigma1 } });
  if (refused !== null) fail(refused);
}
