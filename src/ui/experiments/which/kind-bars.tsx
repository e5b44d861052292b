import { ADAPTER_WORDS, ADAPTERS } from '../../../experiment/methods/which/adapters.ts';
import { bestOf } from '../../../experiment/methods/which/map.ts';
import { Button } from '../../../kit/button.tsx';
import { Group, Select } from '../../../kit/choice.tsx';
import { cellText, spokenCell } from './map-words.ts';
import { KindPicture, look, type MapProps } from './update-map.tsx';

/** One kind of update on a phone: a bar for each adapter, the least error first. */
export function KindBars({ view, rows, pictures, onShow }: MapProps) {
  const row = rows.find(({ name }) => name === view.kind) ?? rows[0];
  const { name, brief, errors, without } = row;
  const best = bestOf(errors);
  const error = (adapter: (typeof ADAPTERS)[number]) => errors[adapter] ?? 1;
  return (
    <div className="kind-bars">
      <div className="row">
        <KindPicture kind={name} pictures={pictures} />
        <div className="grow">
          <Select
            className="pick"
            aria-label="Kind of update"
            options={rows.map((one) => [one.name, one.label] as const)}
            value={name}
            onChange={(kind) => onShow({ kind })}
          />
          <span className="kind-brief note">{brief}</span>
        </div>
      </div>
      <p className="bars-head note" aria-hidden="true">
        lowest error
      </p>
      <Group aria-label="Adapters, the least error first">
        {ADAPTERS.toSorted((a, b) => error(a) - error(b)).map((adapter) => (
          <Button
            key={adapter}
            className="bar-row"
            data-best={best.includes(adapter) || undefined}
            aria-pressed={adapter === view.adapter}
            aria-label={`${ADAPTER_WORDS[adapter].label}: ${spokenCell(name, adapter, errors, without.includes(adapter))}`}
            onClick={() => onShow({ adapter })}
          >
            <span>{ADAPTER_WORDS[adapter].label}</span>
            <span className="track">
              <span className="map-cell" {...look(row, adapter)} />
            </span>
            <span className="value">{cellText(adapter, errors[adapter], without.includes(adapter))}</span>
          </Button>
        ))}
      </Group>
    </div>
  );
}
