import { count } from '../../../experiment/numbers.ts';
import type { ModelRole, ModelsState } from '../../state/models-state.ts';
import { EventButton } from '../context.tsx';
import { megabytes } from '../size-words.ts';
import { ChooseButton } from '../use-file-import.tsx';
import type { ModelsProps } from './models-rail.tsx';

const ROLES: readonly (readonly [role: ModelRole, name: string, words: string])[] = [
  ['base', 'Base model', 'what training started from'],
  ['fine', 'Fine-tuned model', 'the same layers after it'],
];

const USES: readonly (readonly [use: string, how: string])[] = [
  ['See what fine-tuning changed', 'ΔW of every matrix: norm, spectrum, needed rank'],
  ['See whether it is low-rank', '“more than 128 directions” is an answer'],
  ['Cut a LoRA from it', 'to a rank, an energy or a size, its error known before'],
];

/** Where both models are chosen. */
export function ModelsSetup({ models }: ModelsProps) {
  return (
    <div className="adapters-drop">
      <div>
        <h2 className="page-title">Drop two whole models here</h2>
        <p className="read">
          A base model and one that was fine-tuned from it: <code>.safetensors</code> files, or folders with several and
          their <code>model.safetensors.index.json</code>.
        </p>
        <div className="model-slots">
          {ROLES.map(([role, name, words]) => (
            <Slot key={role} role={role} name={name} words={words} models={models} />
          ))}
        </div>
        <Opening models={models} />
        <p>Nothing leaves this device. The files are read one tensor at a time, whatever their size.</p>
        <p className="acts">
          <EventButton event={{ type: 'models-close' }}>Back to adapter files</EventButton>
        </p>
      </div>
      <ul>
        {USES.map(([use, how]) => (
          <li key={use}>
            {use}
            <span className="muted block">{how}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface SlotProps extends ModelsProps {
  readonly role: ModelRole;
  readonly name: string;
  readonly words: string;
}

function Slot({ role, name, words, models }: SlotProps) {
  const model = models[role];
  return (
    <section className="model-slot" aria-label={name}>
      <h3>{name}</h3>
      <p className="note">{model ? modelWords(model) : words}</p>
      <p className="acts">
        <ChooseButton as={role} className={model ? 'btn' : 'btn main'} aria-label={`Choose files: ${name}`}>
          Choose files
        </ChooseButton>
        <ChooseButton as={role} what="folder" aria-label={`Choose a folder: ${name}`}>
          Choose a folder
        </ChooseButton>
      </p>
    </section>
  );
}

/** "llama, 2 files, 16.1 GB". */
function modelWords({ name, files }: NonNullable<ModelsState['base']>): string {
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  return `${name}, ${files.length === 1 ? '' : `${count(files.length)} files, `}${megabytes(bytes)}`;
}

function Opening({ models: { base, fine, refused } }: ModelsProps) {
  if (!base || !fine) return null;
  return (
    <p role="status">
      {refused ? 'Choose another file for one of the two.' : `Opening ${base.name} and ${fine.name} …`}
    </p>
  );
}
