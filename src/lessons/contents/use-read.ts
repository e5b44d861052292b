import { useDispatch } from '../../ui/page.tsx';

/** Opens a lesson, at a step from 1 on, or what stands around the lessons. */
export function useRead(): (lesson: string, step?: number) => void {
  const dispatch = useDispatch();
  return (lesson, step = 1) => dispatch({ type: 'viewed', changes: { lesson, step } });
}
