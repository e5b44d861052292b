import { useWidth } from '../../../kit/media.tsx';

/** Whether the rail is folded above the page: slider and prediction then stand in the dock. */
export const useNarrow = () => useWidth() !== 'desk';
