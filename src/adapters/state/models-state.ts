import type { DifferenceFigures } from '../file/checkpoints/difference-figures.ts';
import type { DifferencePlan } from '../file/checkpoints/lora-file.ts';
import type { Fault } from '../file/model.ts';
import type { AdaptersNews, ComparedModels, ImportedFile, LoraOutlook, ReadingProgress } from '../worker/protocol.ts';
import { type ChosenModel, chosenModels, readingOf, stoppedReading, withRun } from './reading.ts';

export type ModelColour = 'rank95' | 'relative' | 'sigma1' | 'stable';
export type ModelRole = 'base' | 'fine';

/** Two whole models: what fine-tuning changed, and the LoRA that is cut from it. */
export interface ModelsState {
  /** In front of an adapter file that is open, too. */
  readonly shown: boolean;
  readonly base: ChosenModel | null;
  readonly fine: ChosenModel | null;
  /** null until both are opened. */
  readonly matched: ComparedModels | null;
  /** By pair; null until it is measured. */
  readonly figures: readonly (DifferenceFigures | null)[];
  readonly reading: ReadingProgress | null;
  readonly chosen: number;
  readonly picked: boolean;
  readonly colour: ModelColour;
  readonly plan: DifferencePlan;
  /** For one plan: an older one stays until the next is there. */
  readonly outlook: LoraOutlook | null;
  /** Why there is no LoRA. */
  readonly refused: Fault | null;
  /** The pair whose intruder dimensions are being counted. */
  readonly counting: number | null;
}

export type ModelsEvent =
  /** Shows the page of two models; `files`: those that are to be one of them. */
  | { readonly type: 'models'; readonly files?: readonly ImportedFile[] }
  | { readonly type: 'models-files'; readonly files: readonly ImportedFile[]; readonly role: ModelRole | null }
  | { readonly type: 'models-swap' }
  | { readonly type: 'models-close' }
  | { readonly type: 'models-choose'; readonly pair: number }
  | { readonly type: 'models-colour'; readonly colour: ModelColour }
  | { readonly type: 'models-plan'; readonly changes: Partial<DifferencePlan> }
  | { readonly type: 'models-outlook'; readonly outlook: LoraOutlook | Fault }
  | { readonly type: 'models-intruders'; readonly pair: number }
  /** The chosen matrix in the Lab. */
  | { readonly type: 'models-lab' }
  | Extract<AdaptersNews, { readonly type: 'models-matched' | 'models-measured' }>;

const NONE: ModelsState = {
  shown: true,
  base: null,
  fine: null,
  matched: null,
  figures: [],
  reading: null,
  chosen: 0,
  picked: false,
  colour: 'rank95',
  plan: { way: { by: 'rank', rank: 16 }, names: 'peft', dtype: null },
  outlook: null,
  refused: null,
  counting: null,
};

/** Two models after an event. A Fault if the files are no models; null: closed. */
export function updateModels(before: ModelsState | null, event: ModelsEvent): ModelsState | Fault | null {
  const state = before ?? NONE;
  switch (event.type) {
    case 'models': {
      const shown = { ...state, shown: true };
      return event.files ? withFiles(shown, event.files, null) : shown;
    }
    case 'models-files':
      return withFiles(state, event.files, event.role);
    case 'models-swap':
      return { ...begun(state), base: state.fine, fine: state.base };
    case 'models-close':
      return null;
    case 'models-matched': {
      const { matched } = event;
      const chosen = Math.max(
        0,
        matched.pairs.findIndex(({ matrix, place }) => matrix !== null && place !== null),
      );
      return {
        ...begun(state),
        matched,
        figures: matched.pairs.map(() => null),
        reading: readingOf(matched.pairs.length),
        chosen,
      };
    }
    case 'models-measured':
      return measured(state, event);
    case 'models-choose':
      return state.matched?.pairs[event.pair] ? { ...state, chosen: event.pair, picked: true } : state;
    case 'models-colour':
      return { ...state, colour: event.colour };
    case 'models-plan':
      return { ...state, plan: { ...state.plan, ...event.changes } };
    case 'models-outlook':
      return 'fault' in event.outlook
        ? { ...state, outlook: null, refused: event.outlook }
        : { ...state, outlook: event.outlook, refused: null };
    case 'models-lab':
      return state;
    case 'models-intruders':
      return { ...state, counting: event.pair };
    default:
      return event satisfies never;
  }
}

/** The same two models from the beginning; what was set stays. */
const begun = ({ shown, base, fine, colour, plan }: ModelsState): ModelsState => ({
  ...NONE,
  ...{ shown, base, fine, colour, plan },
});

function withFiles(state: ModelsState, files: readonly ImportedFile[], role: ModelRole | null): ModelsState | Fault {
  const found = chosenModels(files, role === null ? 2 : 1);
  if ('fault' in found) return found;
  const [first, second] = found;
  if (second) return { ...begun(state), base: first, fine: second };
  return { ...begun(state), [role ?? (state.base === null ? 'base' : 'fine')]: first };
}

function measured(state: ModelsState, event: Extract<ModelsEvent, { readonly type: 'models-measured' }>): ModelsState {
  const { figures, reading } = withRun(state, event);
  const chosen = reading || state.picked ? state.chosen : largestChange(state, figures);
  // One that was cancelled may still come while the next is being counted.
  const counting = state.counting === event.from ? null : state.counting;
  return { ...state, figures, reading, chosen, counting };
}

/** The matrix that changed most, relative to what it was. */
function largestChange({ matched }: ModelsState, figures: ModelsState['figures']): number {
  let [best, most] = [0, -1];
  for (const [i, of] of figures.entries()) {
    const share = of && matched?.pairs[i].matrix && of.change === 'changed' ? of.norm / (of.baseNorm || 1) : -1;
    if (share > most) [best, most] = [i, share];
  }
  return best;
}

/** After an error: measuring stops; models that could not be opened are not opened again by themselves. */
export const withFailure = (state: ModelsState | null, fault: Fault): ModelsState | null =>
  state && { ...state, ...withStopped(state, true), refused: state.matched === null ? fault : state.refused };

/** Measuring stops, or goes on with the rest. */
export const withStopped = (state: ModelsState | null, stopped: boolean): ModelsState | null =>
  state && { ...state, counting: null, reading: stoppedReading(state.reading, stopped) };
