export { effectiveRank as effectiveRankOf } from '../math/spectral/spectra.ts';
