import { useCallback, useMemo } from 'react';
import type { State } from '../../state/state.ts';
import { useDispatch, useLab } from '../../ui/page.tsx';
import { readCost, writeCost } from '../model/cost-link.ts';
import type { Cost } from '../model/setting.ts';

export const costOfState = ({ view }: State): Cost => readCost(view.cost).cost;

export function useCost(): readonly [Cost, (cost: Cost) => void] {
  const text = useLab((s) => s.view.cost);
  const cost = useMemo(() => readCost(text).cost, [text]);
  const dispatch = useDispatch();
  const set = useCallback((to: Cost) => dispatch({ type: 'viewed', changes: { cost: writeCost(to) } }), [dispatch]);
  return [cost, set];
}
