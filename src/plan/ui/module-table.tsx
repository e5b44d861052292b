import '../../kit/grids/data-table.css';
import { count } from '../../experiment/numbers.ts';
import { fileText } from '../model/cost-text.ts';
import { countType, fileBytes, rankOf } from '../model/counts.ts';
import type { ModuleType } from '../model/models.ts';
import { AdaptBox, RankField, sizes, useRank } from './rank-table.tsx';
import { useCost } from './use-cost.ts';

/** Each kind of module by its name in the file: its rank, its parameters, its part of the file. */
export function ModuleTable() {
  const [cost] = useCost();
  const { modules, name } = cost.model;
  const bytesOf = (type: ModuleType) => fileBytes(countType(type, rankOf(cost, type)).trained, 'bf16');
  const most = Math.max(1, ...modules.map(bytesOf));
  return (
    <table className="numbers modules">
      <caption className="unseen">The modules of the model: a check box adapts one, a field sets its rank</caption>
      <thead>
        <tr>
          {['module', 'd × k', 'rank', 'parameters', 'in the file'].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>
        {modules.map((type) => (
          <Row key={`${name} ${type.name}`} type={type} bytes={bytesOf(type)} most={most} />
        ))}
      </tbody>
    </table>
  );
}

interface ModuleRowProps {
  readonly type: ModuleType;
  readonly bytes: number;
  /** Bytes of the largest row. */
  readonly most: number;
}

function Row({ type, bytes, most }: ModuleRowProps) {
  const control = useRank(type);
  const { rank } = control;
  return (
    <tr className={rank > 0 ? undefined : 'frozen'}>
      <th scope="row">
        <AdaptBox name={type.target} {...control} />
      </th>
      <td>{sizes(type)}</td>
      <td>
        <RankField name={type.target} {...control} />
      </td>
      <td>{rank > 0 ? count(countType(type, rank).trained) : ''}</td>
      <td>{rank > 0 ? fileText(bytes) : 'frozen'}</td>
      <td>
        <div className="share" style={{ width: `${(100 * bytes) / most}%` }} />
      </td>
    </tr>
  );
}
