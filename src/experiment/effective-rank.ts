export { effectiveRank as effectiveRankOf } from '../math/spectra.ts';
