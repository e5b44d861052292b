import { ADAPTER_WORDS, ADAPTERS } from '../../../experiment/methods/which/adapters.ts';
import { KINDS } from '../../../experiment/methods/which/kinds.ts';
import { bestOf, rowOf } from '../../../experiment/methods/which/map.ts';
import { Button } from '../../../kit/button.tsx';
import { Group, Select } from '../../../kit/choice.tsx';
import { cellText, spokenCell } from './map-words.ts';
import { KindPicture, look, type MapProps } from './update-map.tsx';

/** One kind of update on a phone: a bar for each adapter, the least error first. */
export function KindBars({ view, pictures, onShow }: MapProps) {
  const { name, brief, madeFor } = KINDS.find(({ name }) => name === view.kind) ?? KINDS[0];
  const row = rowOf(name, view);
  const best = bestOf(row);
  return (
    <div className="kind-bars">
      <div className="row">
        <KindPicture kind={name} pictures={pictures} />
        <div className="grow">
          <Select
            className="pick"
            aria-label="Kind of update"
            options={KINDS.map((kind) => [kind.name, kind.label] as const)}
            value={name}
            onChange={(kind) => onShow({ kind })}
          />
          <span className="brief note">{brief}</span>
        </div>
      </div>
      <Group aria-label="Adapters, the least error first">
        {ADAPTERS.toSorted((a, b) => row[a] - row[b]).map((adapter) => (
          <Button
            key={adapter}
            className="bar-row"
            aria-pressed={adapter === view.adapter}
            aria-label={`${ADAPTER_WORDS[adapter].label}: ${spokenCell(name, adapter, view)}`}
            onClick={() => onShow({ adapter })}
          >
            <span>{ADAPTER_WORDS[adapter].label}</span>
            <span className="track">
              <span className="map-cell" {...look(row, adapter, best, madeFor)} />
            </span>
            <span className="value">{cellText(adapter, row[adapter])}</span>
          </Button>
        ))}
      </Group>
    </div>
  );
}
