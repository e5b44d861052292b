export type { Plane, Reduced } from '../math/plane.ts';
