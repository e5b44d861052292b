import readerUrl from '../engine/reader/reader.ts?worker&url';
import { MAX_SHARED } from '../experiment/link/link.ts';
import type { MatrixInput, OwnReading } from '../experiment/matrix-file/matrix-source.ts';
import { isNamedMatrix } from '../experiment/settings/data-kind.ts';
import { yieldTask } from '../math/slices.ts';
import type { Command, FileKind } from '../state/events.ts';
import { noticeEvent } from '../state/notices.ts';
import { runTextOf, savedNotice } from '../state/run-file/run-text.ts';
import { fileNameOf, sharedLinkOf, shortLinkOf } from '../state/select.ts';
import type { State, Store } from '../state/state.ts';
import { openFile, pickFile, save } from './files.ts';
import { workerAnswer } from './opening/one-answer.ts';
import { runsCsv, traceCsv } from './saving/trace-csv.ts';
import { deleteStoredWork, restoreStoredWork } from './stored-work.ts';

const readMatrix = (question: MatrixInput, wanted: AbortSignal): Promise<OwnReading | null> =>
  workerAnswer<OwnReading>({ script: readerUrl, name: 'reader', question, wanted });

/** Shows an imported matrix once read. Aborted when the panel changes: closed, cleared, or another import. */
export async function importMatrix(source: MatrixInput, store: Store, read = readMatrix): Promise<void> {
  const show = (shown: OwnReading | 'reading') =>
    store.dispatch({ type: 'panel', panel: { name: 'matrix', read: shown } });
  show('reading');
  const { panel } = store.state();
  const reading = new AbortController();
  const forget = store.react((now) => {
    if (now.panel !== panel) reading.abort();
  });
  const found = await read(source, reading.signal);
  forget();
  if (found && !reading.signal.aborted) show(found);
}

const fileNow = async (kind: FileKind, state: State, version: string) =>
  (await import('./saving/run-files.ts')).runFile(kind, state, version);

/** Rejects if the clipboard or a file fails. */
export async function carryOut(command: Exclude<Command, 'reload'>, store: Store, version: string): Promise<void> {
  const state = store.state();
  const name = fileNameOf(state);
  if (typeof command === 'object' && 'file' in command) {
    const { file } = command;
    const saved =
      file === 'site' ? await (await import('./saving/site.ts')).siteFile(state) : await fileNow(file, state, version);
    return save(saved.name, new Blob([saved.bytes], { type: 'application/octet-stream' }));
  }
  if (typeof command === 'object' && 'wall' in command)
    return (await import('../class/app/carry-out.ts')).carryOutWall(command.wall, store, name);
  if (typeof command === 'object' && 'qr' in command)
    return (await import('./saving/qr-picture.ts')).saveQr(command.qr, command.name);
  if (typeof command === 'object' && 'owl' in command)
    return (await import('./owl/save-owl.ts')).carryOutOwl(command.owl, store);
  if (typeof command === 'object' && 'mine' in command)
    return (await import('./saving/collection.ts')).carryOutCollection(command.mine, store);
  if (typeof command === 'object')
    return 'bring' in command
      ? importMatrix(command.bring, store)
      : 'film' in command
        ? (await import('./saving/film.ts')).saveFilm(command, store, name)
        : command.chart.startsWith('sweep')
          ? (await import('./sweep/sweep-files.ts')).saveSweep(command, store)
          : (await import('./saving/pictures.ts')).savePicture(command, store, name);
  switch (command) {
    case 'copy-link': {
      const link = sharedLinkOf(state);
      const named = isNamedMatrix(state.experiment.data) && state.view.view !== 'plan';
      if (named || link.length > MAX_SHARED) return store.dispatch({ type: 'panel', panel: { name: 'share' } });
      return copy(store, new URL(link, location.href).href, 'Link copied.');
    }
    case 'save-run': {
      const text = await runTextOf(state.run, version, true, yieldTask);
      if (!text) return;
      save(`${name}.json`, new Blob([...text.pieces], { type: 'application/json' }));
      const notice = savedNotice(text);
      if (notice) store.dispatch({ type: 'notice', notice });
      return;
    }
    case 'save-csv':
      return save(`${name}-trace.csv`, traceCsv(state.run, shortLinkOf(state, MAX_SHARED)), 'text/csv');
    case 'save-runs':
      return save('lora-explorer-runs.csv', runsCsv(state.compare.listed), 'text/csv');
    case 'open-file': {
      const file = await pickFile();
      if (file) store.dispatch(await openFile(file, store.state().drawings));
      return;
    }
    case 'restore': {
      const event = await restoreStoredWork();
      if (event) store.dispatch(event);
      return;
    }
    case 'hand-code':
      return (await import('./saving/hand-code.ts')).trainHandCode(store);
    case 'forget': {
      await deleteStoredWork();
      const offer = store.state().notices.find((n) => n.about === 'offer');
      if (offer) store.dispatch({ type: 'dismiss', id: offer.id });
      return;
    }
  }
}

async function copy(store: Store, text: string, done: string): Promise<void> {
  const copied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  const show = ['Show the link', { type: 'panel', panel: { name: 'share' } }] as const;
  const byHand = 'Select the text in the Share panel and copy it by hand.';
  store.dispatch(
    copied
      ? noticeEvent('share', 'brief', done)
      : noticeEvent('share', 'plain', 'The browser does not let this page copy.', [byHand], [show]),
  );
}
