/** Told at least a few times a second what is being made, with the share of it that is done, 0 … 1. */
export type Report = (stage: string, fraction: number) => void;
