import { convertedFile } from '../file/convert/converted-file.ts';
import { compareConverted } from '../file/convert/read-back.ts';
import type { Fault, Going } from '../file/model.ts';
import { measureMerged, mergedFile } from '../file/pair/merged-file.ts';
import { measureAgainst } from '../file/resize/measure.ts';
import { resizedFile } from '../file/resize/resized-file.ts';
import { spectraOf } from '../file/resize/spectra.ts';
import type { Held } from './measure.ts';
import type { WriteMessage } from './protocol.ts';
import type { NewFile } from './write-file.ts';

/** What a message asks to be written of the files that are open. */
export function newFile(message: WriteMessage, held: (file: number) => Held | undefined): NewFile | Fault {
  const { foretold } = message;
  switch (message.does) {
    case 'resize': {
      const of = held(message.file);
      if (!of) return CLOSED;
      const { source, adapter } = of;
      const made = resizedFile(source, adapter, spectraOf(adapter, of.figures), message.plan, message.ranks);
      return 'fault' in made ? made : { ...made, foretold, measure: against(of) };
    }
    case 'convert': {
      const of = held(message.file);
      if (!of) return CLOSED;
      const { source, adapter } = of;
      const { naming } = message;
      const made = convertedFile(source, adapter, naming);
      if ('fault' in made) return made;
      const measure: NewFile['measure'] = (written, going) =>
        compareConverted({ source, adapter }, written, naming, going);
      return { ...made, foretold, measure };
    }
    case 'merge': {
      const [a, b] = message.files.map(held);
      if (!a || !b) return CLOSED;
      const { plan } = message;
      const made = mergedFile(a, b, plan);
      if ('fault' in made) return made;
      const measure: NewFile['measure'] = async (written, going) => {
        const measured = await measureMerged(a, b, plan, written, going);
        return 'fault' in measured ? measured : measured.error;
      };
      return { ...made, foretold, measure };
    }
    default:
      return message satisfies never;
  }
}

export const CLOSED: Fault = { fault: 'This file is closed.', details: 'Open it again.' };

const against =
  ({ source, adapter }: Held): NewFile['measure'] =>
  async (written, going: Going) => {
    const measured = await measureAgainst({ source, adapter }, written, going);
    return 'fault' in measured ? measured : measured.error;
  };
