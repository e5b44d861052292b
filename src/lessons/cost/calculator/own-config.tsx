import { useId, useState } from 'react';
import { LONGEST_CONFIG, ownModel, readConfig } from '../../../experiment/cost/own-model.ts';
import { type Cost, withModel } from '../../../experiment/cost/setting.ts';
import { count } from '../../../experiment/numbers.ts';
import type { SetCost } from './use-cost.ts';

interface OwnConfigProps {
  readonly cost: Cost;
  readonly set: SetCost;
}

interface Said {
  readonly bad: boolean;
  readonly texts: readonly string[];
}

/** A model of one's own, by its config.json. Only its shapes are kept, and they stand in the link. */
export function OwnConfig({ cost, set }: OwnConfigProps) {
  const [text, setText] = useState('');
  const [said, setSaid] = useState<Said | null>(null);
  const id = useId();
  const read = (config: string) => {
    const found = readConfig(config);
    if ('fault' in found) return setSaid({ bad: true, texts: [found.fault] });
    const model = ownModel(found.shape);
    set(withModel(cost, model, found.shape));
    setSaid({ bad: false, texts: [`Read: ${count(model.parameters)} numbers.`, ...found.remarks] });
  };
  const open = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > LONGEST_CONFIG) return setSaid({ bad: true, texts: ['This file is too long for a config.json.'] });
    const config = await file.text();
    setText(config);
    read(config);
  };
  return (
    <div className="own-config">
      <label htmlFor={id}>
        The config.json of a decoder on Hugging Face, with the shapes of Llama or GPT-2. It stays on this device; its
        shapes stand in the link.
      </label>
      <textarea
        id={id}
        rows={7}
        spellCheck={false}
        // One more than is read, so that a longer text is refused for its length.
        maxLength={LONGEST_CONFIG + 1}
        value={text}
        placeholder={'{ "hidden_size": 4096, "num_hidden_layers": 32, … }'}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="row">
        <button type="button" className="btn main" onClick={() => read(text)}>
          Use this model
        </button>
        <label className="btn">
          Choose a file
          <input
            type="file"
            className="unseen"
            accept=".json,application/json"
            onChange={({ target }) => void open(target.files?.[0])}
          />
        </label>
      </div>
      <div role="status" className={said?.bad ? 'bad' : undefined}>
        {said?.texts.map((one) => (
          <p key={one}>{one}</p>
        ))}
      </div>
    </div>
  );
}
