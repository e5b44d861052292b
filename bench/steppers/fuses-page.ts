/** Whether the build that the engine takes in this browser fuses multiply and add. */

import { fetchBuild } from '../../src/engine/steppers/wasm/fetch.ts';
import { hasFusedMultiplyAdd, takeFastest } from '../../src/engine/steppers/wasm/wasm.ts';

await takeFastest((build) => fetchBuild(build, location.href));

Object.assign(globalThis, { workbench: { fuses: hasFusedMultiplyAdd() } });
